"""What every kind draws with: marks in points, the frame around them, labels, and the SVG that is written."""
