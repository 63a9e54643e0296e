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
password-reset-button = Changer le mot de passe
password-reset-valid = Le lien est valable { $duration } et ne sert qu’une fois. Tous les navigateurs seront déconnectés.
password-reset-ignore = Ce n’était pas vous ? Vous n’avez rien à faire : votre mot de passe ne change pas.

new-browser-subject = Nouvelle connexion au bureau de « { $newsletter } »
new-browser-preheader = Un navigateur s’est connecté à votre compte pour la première fois.
new-browser-title = Un nouveau navigateur s’est connecté
new-browser-what = Le { $time } ({ $zone }), quelqu’un s’est connecté à votre compte au bureau de « { $newsletter } ». Ce navigateur ne l’avait encore jamais fait.
new-browser-which = Navigateur : { $browser }
new-browser-was-you = C’était vous ? Vous n’avez rien à faire.
new-browser-not-you = Ce n’était pas vous ? Choisissez tout de suite un nouveau mot de passe : tous les navigateurs seront déconnectés.
new-browser-quiet = Ce n’est pas le seul nouveau navigateur depuis une heure. Pour ne pas encombrer votre boîte, aucun autre avis ne viendra avant le { $until } ({ $zone }). La page de votre compte montre tous les navigateurs connectés.
new-browser-button = Changer le mot de passe
new-browser-everywhere = Vous pouvez aussi vous déconnecter partout sans changer de mot de passe, en bas de la page de votre compte :

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

# The own account, people, tokens and the log.

desk-proof-label = Votre mot de passe, ou le code de votre application
desk-proof-hint = Votre connexion date un peu. Ceci montre que c’est toujours vous.
desk-proof-missing = Saisissez de nouveau votre mot de passe ou un code : votre connexion date un peu. Rien n’a été modifié.
desk-proof-wrong = Ce mot de passe ou ce code est incorrect. Rien n’a été modifié.
desk-account = Votre compte
desk-account-name = Nom
desk-account-language = Langue du bureau
desk-account-saved = Enregistré.
desk-account-password = Mot de passe
desk-account-password-ends = Tous les autres navigateurs seront déconnectés.
desk-account-password-saved = Votre nouveau mot de passe est enregistré. Tous les autres navigateurs sont déconnectés.
desk-totp = Codes d’une application
desk-totp-is-on = Le code de l’application est demandé à chaque connexion.
desk-totp-is-off = Avec une application sur votre téléphone, un mot de passe volé ne suffit pas pour se connecter.
desk-totp-set-up = Configurer l’application
desk-totp-what = Avec une application sur votre téléphone, un mot de passe volé ne suffit pas pour se connecter. Toute application de codes à usage unique (TOTP) convient.
desk-totp-required-what = Ici, tout le monde se connecte avec un code d’une application. Configurez-la maintenant ; toute application de codes à usage unique (TOTP) convient.
desk-totp-required = Les codes sont obligatoires ici et ne peuvent pas être désactivés.
desk-totp-step-scan = Ouvrez l’application sur votre téléphone et scannez cette image :
desk-totp-qr = Code QR pour votre application
desk-totp-step-type = Ou saisissez ceci dans l’application :
desk-totp-this-phone = L’ouvrir dans une application de cet appareil
desk-totp-step-code = Saisissez le code que l’application affiche :
desk-totp-turn-on = Activer les codes
desk-totp-turn-off = Désactiver les codes
desk-totp-off-done = Les codes ne sont plus demandés.
desk-codes = Vos codes de secours
desk-codes-what = Les codes sont demandés désormais. Si votre téléphone est perdu, chacun de ces codes vous connecte une fois. Ils ne sont affichés que maintenant : imprimez-les ou gardez-les avec vos mots de passe.
desk-codes-kept = Je les ai gardés
desk-codes-renew = Créer de nouveaux codes de secours
desk-browsers = Où vous êtes connecté·e
desk-browser = Navigateur
desk-browser-began = Connexion
desk-browser-seen = Dernière utilisation
desk-browser-this = Ce navigateur :
desk-browser-unknown = Inconnu
desk-browser-zone = Heures de { $zone }.
desk-sign-out-everywhere = Se déconnecter partout
desk-people-roles = Rôles
desk-people-role = Rôle
desk-people-everywhere = toutes les lettres
desk-people-waiting = n’a pas encore choisi de mot de passe
desk-people-invite = Inviter quelqu’un
desk-people-invite-button = Envoyer l’invitation
desk-people-invite-again = Renvoyer l’invitation
desk-people-invited = L’invitation est en route. Son lien est valable sept jours.
desk-people-removed = Le compte est supprimé.
desk-people-no-role = Aucun rôle
desk-people-take-role = Retirer le rôle
desk-people-set-role = Modifier le rôle
desk-people-remove-title = Supprimer le compte
desk-people-remove-what = La personne est déconnectée aussitôt et ne peut plus se connecter. Ce qu’elle a fait reste dans le journal.
desk-people-remove = Supprimer { $name }
desk-people-taken = Cette adresse a déjà un compte.
desk-people-last-owner = C’est la dernière personne propriétaire de toutes les lettres. Donnez d’abord ce rôle à quelqu’un d’autre.
desk-people-bad-name = Un nom compte de 1 à 100 caractères.
desk-role-viewer = Lecture
desk-role-viewer-may = consulte
desk-role-editor = Rédaction
desk-role-editor-may = écrit et envoie
desk-role-owner = Propriétaire
desk-role-owner-may = tout, y compris l’équipe et les réglages
desk-tokens = Jetons d’API
desk-tokens-what = Un programme utilise un jeton pour travailler avec l’API. Il n’est affiché qu’une fois. Donnez à chaque programme le sien, sans plus de droits que nécessaire.
desk-tokens-none = Il n’y a pas de jeton.
desk-token-made = Voici le nouveau jeton. Copiez-le maintenant : il ne sera plus affiché.
desk-token-new = Créer un jeton
desk-token-name = À quoi il sert
desk-token-expires = Expiration
desk-token-never = jamais
desk-token-make = Créer le jeton
desk-token-revoke = Révoquer
desk-token-revoke-which = Révoquer le jeton « { $name } »
desk-log = Journal
desk-log-what = Qui a fait quoi. Personne ne peut rien y modifier ni supprimer.
desk-log-check = Vérifier le journal
desk-log-broken = Le journal n’est pas ce qui a été écrit :
desk-log-when = Quand
desk-log-who = Qui
desk-log-did = Quoi
desk-log-by-nobody = inconnu
desk-log-by-command-line = Ligne de commande
desk-log-by-schedule = Programmation
desk-log-by-token = Jeton
desk-log-unreadable = Cette entrée est illisible
desk-log-everybody = tout le monde
desk-log-everything = tout
desk-log-none = Aucune entrée ne correspond.
desk-log-newest = Aux plus récentes
desk-log-older = Entrées plus anciennes
desk-log-csv = Télécharger en CSV
desk-log-csv-hint = Toutes les entrées qui correspondent. Le téléchargement est lui-même noté au journal.
desk-log-with-password = avec le mot de passe
desk-log-with-code = avec mot de passe et code
desk-log-fresh-proof = mot de passe redemandé
desk-log-everywhere = dans tous les navigateurs
desk-log-one-reader = une personne abonnée
desk-log-exported = ce journal
desk-codes-left = { $count ->
    [one] Il reste { $count } code de secours.
   *[other] Il reste { $count } codes de secours.
}
desk-token-days = { $days ->
    [one] dans { $days } jour
   *[other] dans { $days } jours
}
desk-log-intact = { $events ->
    [one] Le journal est tel qu’il a été écrit : { $events } entrée.
   *[other] Le journal est tel qu’il a été écrit : { $events } entrées.
}
desk-did-signed-in = connexion
desk-did-sign-in-failed = échec de connexion
desk-did-signed-out = déconnexion
desk-did-sent = envoi d’un numéro
desk-did-scheduled = programmation d’un numéro
desk-did-taken-back = annulation d’une programmation
desk-did-sending-held = suspension de tous les envois
desk-did-sending-released = reprise des envois
desk-did-approved = approbation d’un numéro
desk-did-sent-again = renvoi aux personnes en échec
desk-did-paused = pause d’un envoi
desk-did-resumed = reprise d’un envoi
desk-did-cancelled = arrêt d’un envoi
desk-did-corrected = correction d’un numéro
desk-did-newsletter-edited = modification d’une lettre
desk-did-exported = export de données
desk-did-reader-erased = effacement d’une personne
desk-did-imported = import de lecteurs
desk-did-editor-added = ajout d’un compte
desk-did-editor-removed = suppression d’un compte
desk-did-invited = invitation
desk-did-role-given = attribution d’un rôle
desk-did-role-taken = retrait d’un rôle
desk-did-token-made = création d’un jeton
desk-did-token-revoked = révocation d’un jeton
desk-did-password-changed = choix d’un mot de passe
desk-did-totp-on = activation des codes
desk-did-totp-off = désactivation des codes
desk-did-recovery-codes-made = création de codes de secours
desk-did-recovery-code-used = utilisation d’un code de secours
desk-did-mail-retried = nouvel envoi d’un courriel
desk-did-throttle-reset = levée d’un ralentissement
desk-did-addresses-suppressed = blocage d’adresses
desk-did-suppression-removed = levée d’un blocage d’adresse
desk-did-relay-paused = pause d’un service d’envoi
desk-did-relay-resumed = reprise d’un service d’envoi
