"""What a pipeline is and what it is made of: frozen values in AWS's words, which no file format knows."""
