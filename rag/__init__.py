"""Online: question in, verified answer out."""
