"""Pure functions between Chargebee's wire format and the neutral model, one module per resource. Nothing here sends or decodes."""
