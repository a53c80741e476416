"""Supply chains: likeness of facilities, and GS1 Digital Links. Nothing is joined or fetched."""
