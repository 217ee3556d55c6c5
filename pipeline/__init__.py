"""baotinh: Vietnamese provincial party news read as data."""
