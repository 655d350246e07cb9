"""Cases 办件: the case engine's glue: tables, actions, effects, pages."""
