"""The crush zone: people as bodies in two dimensions, with forces, falls, piles and dose."""
