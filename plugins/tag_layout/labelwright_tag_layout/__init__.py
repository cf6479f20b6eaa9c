"""View, Header and Style: how a labelling page is laid out."""
