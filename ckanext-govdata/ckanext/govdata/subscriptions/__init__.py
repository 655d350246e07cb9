"""Being told of emergencies: by mail, whoever asks; by webhook, whoever is signed in."""
