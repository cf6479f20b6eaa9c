"""YOLO: boxes of pictures as text files for training."""
