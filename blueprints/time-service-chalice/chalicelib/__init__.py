"""The code of the application apart from its routes: Chalice packages this folder."""
