"""CSV, TSV, TXT and HTML files become tasks."""
