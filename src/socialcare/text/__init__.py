"""Classifiers that we ship, each a plugin like anyone else's: the extra `text`.

* `language`: in what language of the brand's a text is;
* `sentiment`: how it sounds, and whether it complains or thanks: VADER and a lexicon of service;
* `service`: what it asks for, how urgent that is, and whether somebody must answer: rules as data;
* `personal_data`: cards, accounts, phones, addresses and national numbers, with their places;
* `linear`, `trained`: a model that learns from a brand's own labels, and the classifier around it;
* `english`: the default set for texts in English; `plugin`: the set as one plugin of a desk.

`tokens` and `phrases` are how the rules read; what they look for stands in the TOML files here.
"""
