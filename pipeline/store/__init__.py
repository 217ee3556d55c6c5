"""Records into Parquet parts, and parts into the DuckDB warehouse."""
