# Connexion, équipe, et ce que dit le bureau quand quelque chose ne va pas.

desk-error-signed-out-title = Vous n’êtes plus connecté·e
desk-error-signed-out-advice = Rien de ce que vous avez écrit n’est perdu. Reconnectez-vous dans un nouvel onglet, revenez à celui-ci (si la page a changé, faites « Retour »), puis enregistrez de nouveau.
desk-error-sign-in-again = Se connecter dans un nouvel onglet
desk-error-not-allowed-title = Votre rôle ne le permet pas
desk-error-not-allowed-advice = Vous pouvez consulter cette lettre, mais pas faire ceci. Demandez un rôle plus étendu à un ou une propriétaire.
desk-error-not-found-title = Cette page n’existe pas
desk-error-not-found-advice = Elle a peut-être été supprimée, ou l’adresse est incomplète.
desk-error-forged-title = Cette demande ne vient pas d’une page du bureau
desk-error-forged-advice = Rien n’a été modifié. Revenez en arrière, rechargez la page et réessayez.
desk-error-unreadable-title = Nous n’avons pas compris cette demande
desk-error-unreadable-advice = Rien n’a été modifié. Revenez à la page précédente et réessayez.
desk-error-too-large-title = C’est trop volumineux
desk-error-too-large-advice = Rien n’a été enregistré. Réduisez la taille et réessayez.
desk-error-conflict-title = Quelque chose a changé entre-temps
desk-error-conflict-advice = Quelqu’un a été plus rapide. Revenez en arrière, rechargez la page et regardez où en sont les choses.
desk-error-invalid-title = Il reste quelque chose à corriger
desk-error-invalid-advice = Rien n’a été enregistré. Revenez en arrière et vérifiez votre saisie.
desk-error-unavailable-title = Une courte pause
desk-error-unavailable-advice = Rien ne peut être enregistré pour l’instant. Réessayez dans une minute ; gardez cette page ouverte.
desk-error-internal-title = Une erreur s’est produite de notre côté
desk-error-internal-advice = Ce n’est pas votre faute. Réessayez ; si cela continue, prévenez la personne qui gère ce service.
desk-error-home = Aller au bureau
