"""What can be measured of an edition: each measure a query over the chain, with its definition, unit and version."""
