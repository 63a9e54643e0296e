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

# E-mails concernant le compte d’un membre de l’équipe.

editor-invitation-subject = Votre compte au bureau de « { $newsletter } »
editor-invitation-preheader = Choisissez un mot de passe, et vous pourrez écrire.
editor-invitation-title = Bienvenue dans l’équipe
editor-invitation-what = Vous êtes invité·e à travailler sur « { $newsletter } ». Choisissez un mot de passe pour ouvrir votre compte :
editor-invitation-button = Choisir un mot de passe
editor-invitation-valid = Le lien est valable { $duration } et ne sert qu’une fois. Ne le transmettez à personne.
editor-invitation-ignore = Vous ne savez pas de quoi il s’agit ? Ignorez cet e-mail : sans mot de passe, le compte reste fermé.

password-reset-subject = Un nouveau mot de passe pour le bureau de « { $newsletter } »
password-reset-preheader = Ce lien permet de choisir un nouveau mot de passe.
password-reset-title = Choisir un nouveau mot de passe
password-reset-what = Quelqu’un, sans doute vous, a demandé un nouveau mot de passe pour le bureau de « { $newsletter } ». Ce lien permet de le choisir :
password-reset-button = Choisir un nouveau mot de passe
password-reset-valid = Le lien est valable { $duration } et ne sert qu’une fois. Tous les navigateurs seront déconnectés.
password-reset-ignore = Ce n’était pas vous ? Vous n’avez rien à faire : votre mot de passe ne change pas.

# Connexion.

desk-outside-name = Bureau
desk-sign-in-title = Se connecter
desk-sign-in-email = Adresse e-mail
desk-sign-in-password = Mot de passe
desk-sign-in-button = Se connecter
desk-sign-in-forgot = Mot de passe oublié ?
desk-sign-in-wrong = L’adresse ou le mot de passe est incorrect. Vérifiez les deux et réessayez.
desk-sign-in-code = Ce code est incorrect ou a déjà servi. Attendez le suivant et réessayez.
desk-sign-in-limited = { $minutes ->
    [one] Trop de tentatives. Attendez une minute, puis réessayez.
   *[other] Trop de tentatives. Attendez { $minutes } minutes, puis réessayez.
}
desk-sign-in-expired = Cela a pris trop de temps. Saisissez de nouveau votre mot de passe.
desk-signed-out-done = Vous êtes déconnecté·e.
desk-signed-out-everywhere-done = Vous êtes déconnecté·e de tous les navigateurs.
desk-password-set-done = Votre nouveau mot de passe est enregistré. Connectez-vous avec celui-ci.
desk-code-title = Votre code
desk-code-what = Ouvrez l’application sur votre téléphone et saisissez le code qu’elle affiche.
desk-code-label = Code à six chiffres
desk-code-hint = Pas de téléphone sous la main ? Saisissez plutôt un de vos codes de secours.
desk-code-back = Revenir à la connexion
desk-forgot-title = Mot de passe oublié ?
desk-forgot-what = Indiquez l’adresse de votre compte. Nous vous enverrons un lien pour choisir un nouveau mot de passe.
desk-forgot-button = Envoyer le lien
desk-forgot-sent = Si { $email } a un compte, un lien est en route. Il est valable une heure.
desk-forgot-again = Rien reçu après quelques minutes ? Regardez dans vos courriers indésirables, ou demandez une nouvelle invitation à un ou une propriétaire.
desk-invitation-title = Bienvenue, { $name }
desk-invitation-what = Choisissez un mot de passe pour votre compte. Ensuite, vous pourrez commencer.
desk-reset-title = Choisir un nouveau mot de passe
desk-reset-what = Avec le nouveau mot de passe, vous serez déconnecté·e de tous les autres navigateurs.
desk-new-password = Nouveau mot de passe
desk-new-password-hint = Au moins 12 caractères. Plusieurs mots sans rapport entre eux conviennent bien et se retiennent facilement.
desk-new-password-button = Enregistrer le mot de passe
desk-weak-short = C’est trop court. Il faut au moins 12 caractères.
desk-weak-long = C’est trop long. 200 caractères au plus.
desk-weak-personal = N’y mettez ni votre nom ni votre adresse.
desk-weak-guessable = C’est facile à deviner. Prenez plusieurs mots sans rapport entre eux.
desk-link-invalid-title = Ce lien ne fonctionne plus
desk-link-invalid-what = Il a déjà servi, il a expiré, ou il est incomplet. Vous pouvez en recevoir un nouveau.
desk-link-invalid-button = M’envoyer un nouveau lien
