"""Linking: findings in tips, entities that people keep, and decisions on them."""
