"""What only shows across articles: copies, variants of one name, one person seen twice."""
