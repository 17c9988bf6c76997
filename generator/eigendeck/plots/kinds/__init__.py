"""One decorated function a kind of plot."""
