### Les e-mails.

mail-hello = Bonjour,
mail-hello-name = Bonjour { $name },
mail-sender = Cet e-mail vous est envoyé par :

confirmation-subject = Confirmez votre inscription à « { $newsletter } »
confirmation-subject-several = Confirmez votre inscription à « { $newsletter } » et à { $others ->
    [one] une autre lettre
   *[other] { $others } autres lettres
 }
confirmation-preheader = Un clic, et votre inscription est faite.
confirmation-title = Plus qu’un clic
confirmation-what = Quelqu’un, sans doute vous, a demandé à recevoir « { $newsletter } » (expéditeur : { $sender }) à cette adresse. Si c’est bien votre souhait, confirmez-le :
confirmation-what-several = Quelqu’un, sans doute vous, a demandé à recevoir à cette adresse les lettres que voici (expéditeur : { $sender }) :
confirmation-please-several = Si c’est bien votre souhait, confirmez-les d’un seul clic :
confirmation-button = Oui, je m’inscris
confirmation-link = Le bouton ne marche pas ? Copiez cette adresse dans votre navigateur :
confirmation-valid = Ce lien reste valable { $duration }.
confirmation-ignore = Ce n’était pas vous ? Il n’y a rien à faire : sans confirmation, nous ne vous enverrons rien et votre adresse sera effacée. Pour ne plus recevoir de telle demande, ouvrez le lien et choisissez « Ce n’était pas moi ».

already-subscribed-subject = Vous recevez déjà « { $newsletter } »
already-subscribed-preheader = Rien à confirmer : votre abonnement continue.
already-subscribed-title = Vous êtes déjà des nôtres
already-subscribed-what = Une inscription à « { $newsletter } » vient d’être demandée pour votre adresse. Elle y est déjà inscrite : rien ne change, et vous n’avez rien à confirmer.
already-subscribed-how = Pour changer vos choix, ouvrez la page de vos préférences :
already-subscribed-button = Voir mes préférences
already-subscribed-leave = Vous préférez ne plus recevoir cette lettre ?

welcome-subject = Bienvenue parmi les lecteurs de « { $newsletter } »
welcome-subject-several = Bienvenue parmi les lecteurs de « { $newsletter } » et { $others ->
    [one] d’une autre lettre
   *[other] de { $others } autres lettres
 }
welcome-preheader = Votre inscription est confirmée.
welcome-title = Bienvenue !
welcome-what = Votre inscription à « { $newsletter } » est confirmée. Merci de votre confiance : votre prochaine lettre arrivera dans cette boîte.
welcome-what-several = Votre inscription à ces lettres est confirmée. Merci de votre confiance : vos prochaines lettres arriveront dans cette boîte. En attendant, les numéros déjà parus se lisent en ligne.
welcome-archive = En attendant, les numéros déjà parus se lisent en ligne :
welcome-archive-button = Lire les numéros parus
welcome-choices = Vos pays, votre rythme et votre langue se choisissent à tout moment sur la page de vos préférences.
welcome-choices-several = Vos lettres, vos pays, votre rythme et votre langue se choisissent à tout moment sur la page de vos préférences. C’est là aussi que vous pouvez arrêter une lettre, ou toutes.
welcome-leave = Et si un jour vous changez d’avis, un clic suffit.
welcome-latest = Le dernier numéro

footer-preferences = Mes préférences
footer-unsubscribe = Me désinscrire
footer-web = Lire en ligne
footer-why = Vous recevez cette lettre parce que cette adresse est inscrite à « { $newsletter } ».
footer-reply = Une remarque, une question ? Répondez simplement à cet e-mail.
