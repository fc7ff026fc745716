"""What is shipped for those who try and extend Huitou: shops made of published models."""
