### Les e-mails.

mail-hello = Bonjour,
mail-hello-name = Bonjour { $name },
mail-sender = Cet e-mail vous est envoyé par :

confirmation-subject = Confirmez votre abonnement à « { $newsletter } »
confirmation-subject-several = Confirmez votre abonnement à « { $newsletter } » et à { $others ->
    [one] une autre lettre
   *[other] { $others } autres lettres
 }
confirmation-preheader = Un clic, et c’est fait.
confirmation-title = Plus qu’un clic
confirmation-what = Quelqu’un, sans doute vous, a demandé à recevoir « { $newsletter } » (expéditeur : { $sender }) à cette adresse. Si c’est bien vous, confirmez votre abonnement :
confirmation-what-several = Quelqu’un, sans doute vous, a demandé à recevoir à cette adresse les lettres suivantes (expéditeur : { $sender }) :
confirmation-please-several = Si c’est bien vous, confirmez-les toutes en un seul clic :
confirmation-button = Oui, je m’abonne
confirmation-link = Le bouton ne fonctionne pas ? Copiez cette adresse dans votre navigateur :
confirmation-valid = Ce lien est valable { $duration }.
confirmation-ignore = Ce n’était pas vous ? Vous n’avez rien à faire : sans confirmation, nous ne vous enverrons rien et votre adresse sera effacée. Pour ne plus recevoir ce type de demande, ouvrez le lien et choisissez « Ce n’était pas moi ».

already-subscribed-subject = Vous recevez déjà « { $newsletter } »
already-subscribed-preheader = Rien à confirmer : votre abonnement continue.
already-subscribed-title = Vous êtes déjà des nôtres
already-subscribed-what = Un abonnement à « { $newsletter } » vient d’être demandé pour votre adresse. Elle est déjà inscrite : rien ne change, et vous n’avez rien à confirmer.
already-subscribed-how = Pour modifier vos choix, rendez-vous dans vos préférences :
already-subscribed-button = Voir mes préférences
already-subscribed-leave = Vous ne souhaitez plus recevoir cette lettre ?

welcome-subject = Bienvenue parmi les lecteurs de la lettre « { $newsletter } »
welcome-subject-several = Bienvenue parmi les lecteurs de la lettre « { $newsletter } » et { $others ->
    [one] d’une autre lettre
   *[other] de { $others } autres lettres
 }
welcome-preheader = Votre abonnement est confirmé.
welcome-title = Bienvenue !
welcome-what = Votre abonnement à « { $newsletter } » est confirmé. Merci de votre confiance : le prochain numéro arrivera dans cette boîte mail.
welcome-what-several = Votre abonnement à ces lettres est confirmé. Merci de votre confiance : les prochains numéros arriveront dans cette boîte mail.
welcome-archive = En attendant, vous pouvez lire le dernier numéro en ligne :
welcome-archive-button = Lire le dernier numéro
welcome-choices = Vous pouvez changer vos pays, votre rythme et votre langue à tout moment dans vos préférences.
welcome-choices-several = Vous pouvez changer vos lettres, vos pays, votre rythme et votre langue à tout moment dans vos préférences. Vous pouvez aussi vous y désabonner d’une lettre, ou de toutes.
welcome-leave = Et si un jour vous changez d’avis, un clic suffit.
welcome-latest = Le dernier numéro
welcome-leave-one = Me désabonner de la lettre « { $newsletter } »

footer-preferences = Mes préférences
footer-unsubscribe = Me désabonner
footer-web = Lire en ligne
footer-why = Vous recevez cette lettre parce que cette adresse est abonnée à « { $newsletter } ».
footer-reply = Une remarque, une question ? Répondez simplement à cet e-mail.

# L’objet des numéros en mode prudent ; il ne dit rien.
safety-subject = Nouvelles de la semaine
# Le début d’un tel numéro ; il ne dit rien non plus.
safety-why = Vous recevez cet e-mail parce que cette adresse y est abonnée. Vous pouvez changer ce que vous recevez, ou vous désabonner, à tout moment.
# De même pour les e-mails qui concernent un abonnement, et leur début.
safety-confirmation-subject = Confirmez votre abonnement
safety-subscription-subject = Votre abonnement
safety-data-subject = Vos données
safety-address-subject = Confirmez votre adresse
safety-address-changed-subject = Votre adresse a changé
safety-mail-why = Cet e-mail concerne un abonnement de cette adresse. Une liste d’e-mails ou un écran verrouillé ne doit rien révéler : cet e-mail ne dit donc que plus bas de quel abonnement il s’agit et ce que vous pouvez faire. Si cet abonnement ne vous dit rien, vous n’avez rien à faire, et personne ne sait que vous l’avez ouvert.
