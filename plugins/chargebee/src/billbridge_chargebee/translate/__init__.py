"""Pure functions between Chargebee's wire format and the model, one module for each resource. They send and decode nothing."""
