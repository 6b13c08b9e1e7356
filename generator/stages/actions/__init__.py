"""The actions that stages are made of, one provider or purpose a file: each says what blocks and rights it needs."""
