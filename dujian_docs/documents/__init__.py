"""Official documents: genres, numbers, layout, rendering, issuing, conversion."""
