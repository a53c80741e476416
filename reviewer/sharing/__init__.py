"""Operations that reviewers share, and the state that follows from them."""
