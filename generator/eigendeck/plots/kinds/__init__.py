"""One decorated function a kind of plot; `cells` and `side_by_side` are what several kinds share."""
