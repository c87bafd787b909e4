"""Names and identifiers of trade records against the names and identifiers of list entries."""
