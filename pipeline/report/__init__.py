"""What people take from the warehouse: CSV files with a codebook, concordances, corpus formats."""
