### Les données du lecteur : ce qui est conservé, comment le voir, le corriger et l’effacer.

## Noms de ce qui est enregistré.

consent-requested = Abonnement demandé
consent-mailed = E-mail de confirmation envoyé, accepté par le serveur de messagerie
consent-confirmed = Confirmation
consent-imported = Importé, avec un accord antérieur
consent-changed = Choix modifiés
consent-corrected = Nom corrigé
consent-moved = Adresse changée
consent-withdrawn = Désabonnement
consent-erased = Effacement demandé
way-page = sur une page de ce service
way-api = par le formulaire d’un autre site ou un programme
way-one_click = en un clic dans la messagerie
way-import = par un fichier
way-mail = par e-mail
way-owner = par l’éditeur
way-operator = par la personne qui gère le serveur
way-signed_link = par le lien personnel d’un e-mail
subscription-pending = pas encore confirmé
subscription-active = actif
subscription-ended = terminé
ended-unsubscribed = désabonnement
ended-bounced = la boîte mail n’existe plus
ended-complained = signalé comme indésirable
ended-erased = effacé sur demande
delivery-queued = en attente
delivery-sent = envoyé
delivery-deferred = retardé
delivery-bounced = refusé
delivery-failed = non distribué
delivery-skipped = non envoyé
delivery-unknown = envoyé, arrivée inconnue
mail-kind-confirmation = Demande de confirmation
mail-kind-already_subscribed = « Vous êtes déjà des nôtres »
mail-kind-welcome = Bienvenue
mail-kind-test_copy = Copie d’essai
mail-kind-data_link = Lien vers vos données
mail-kind-new_address = Demande de confirmation d’une nouvelle adresse
mail-kind-address_changed = Avis de changement d’adresse
mail-kind-erased = Confirmation de l’effacement
mail-kind-editor_invitation = Invitation à la rédaction
mail-kind-password_reset = Lien pour un nouveau mot de passe
mail-kind-new_browser = Avis d’un nouveau navigateur
mail-kind-codes_off = Avis de désactivation des codes

## Le fichier.

dossier-title = Ce qui est conservé au sujet de { $address }
dossier-title-consent = La preuve de l’accord de { $address }
dossier-label = { $name } :
dossier-made = Établi le
dossier-since = Parmi nous depuis
dossier-name = Nom
dossier-new-address = Nouvelle adresse demandée, pas encore confirmée
dossier-locked = Les données de cette personne ont été effacées. Seule reste la preuve de l’accord, verrouillée ; elle ne contient aucune adresse et a été retrouvée par l’empreinte à clé de l’adresse demandée.
dossier-state = État
dossier-asked = Demande
dossier-confirmed = Confirmation
dossier-ended = Fin
dossier-paused = En pause jusqu’au
dossier-language = Langue
dossier-frequency = Rythme
dossier-countries = Pays
dossier-countries-all = tous de la même façon
dossier-answer-yes = oui
dossier-consent = Le registre des consentements
dossier-page = Où
dossier-ip = Adresse IP
dossier-wording = Texte, version
dossier-event = Événement { $number }, empreinte
dossier-not-genuine = Cet événement ne dit plus ce qui a été enregistré.
dossier-deliveries = Numéros
dossier-mails = Autres e-mails
dossier-reply = Réponse du serveur de messagerie
dossier-proof = Toutes les heures sont en UTC. Chaque événement porte une empreinte à clé de son contenu et de l’événement précédent : rien ne peut être changé, retiré ou ajouté après coup sans que cela se voie.
dossier-imported = Import
dossier-wording-alone = Texte

## Les pages.

my-data-open = Consulter, télécharger, corriger ou effacer mes données
my-data-ask-title = Vos données
my-data-ask-what = Consultez tout ce que nous conservons à votre sujet, téléchargez-le, corrigez-le, changez d’adresse ou faites tout effacer.
my-data-ask-why = Les e-mails se transfèrent, et leurs liens avec eux. C’est pourquoi nous enverrons un nouveau lien à { $email } ; il sera valable { $duration }.
my-data-ask-why-moved = Les e-mails se transfèrent, et leurs liens avec eux. C’est pourquoi nous enverrons un nouveau lien à votre adresse actuelle ; il sera valable { $duration }.
my-data-ask-button = M’envoyer le lien
my-data-asked-title = Regardez votre boîte mail
my-data-asked-what = Nous avons envoyé un lien vers vos données à { $email }.
my-data-asked-what-moved = Nous avons envoyé un lien vers vos données à votre adresse actuelle.
my-data-asked-again = Rien après quelques minutes ? Regardez dans les indésirables. Vous pouvez faire cette demande plusieurs fois par jour.
my-data-expired-title = Ce lien a expiré
my-data-expired-what = Pour votre sécurité, un lien vers vos données n’est valable que peu de temps.
my-data-expired-button = Recevoir un nouveau lien
my-data-title = Vos données
my-data-lead = Voici tout ce que nous conservons à votre sujet. Rien d’autre : nous ne suivons ni vos ouvertures ni vos clics.
my-data-saved = C’est enregistré.
my-data-who = Qui vous êtes
my-data-address = Adresse
my-data-name = Nom
my-data-since = Parmi nous depuis
my-data-none = aucun
my-data-subscriptions = Vos abonnements
my-data-consent-many = Le registre de vos consentements ({ $count })
my-data-deliveries-many = Numéros ({ $count })
my-data-mails-many = Autres e-mails ({ $count })
my-data-take = Télécharger mes données
my-data-take-text = Un fichier à lire
my-data-take-json = Un fichier pour les programmes (JSON)
my-data-name-title = Corriger votre nom
my-data-name-hint = Laissez le champ vide, et nous effacerons le nom.
my-data-name-button = Enregistrer le nom
my-data-name-wrong = Un nom tient sur une ligne de 200 caractères au plus.
my-data-address-title = Changer d’adresse
my-data-address-new = Votre nouvelle adresse e-mail
my-data-address-hint = Nous envoyons un lien à la nouvelle adresse ; rien ne change tant que vous n’avez pas cliqué dessus. Nous prévenons ensuite l’ancienne.
my-data-address-button = Changer d’adresse
my-data-address-asked = Nous avons envoyé un e-mail à la nouvelle adresse. Ouvrez-le et cliquez sur le lien.
my-data-address-postponed = Nous envoyons beaucoup d’e-mails en ce moment. Celui pour la nouvelle adresse partira après le { $time }. Ouvrez-le ensuite et cliquez sur le lien.
my-data-address-same = C’est déjà votre adresse.
my-data-address-often = Vous l’avez demandé trop souvent aujourd’hui. Réessayez demain.
my-data-erase-title = Tout faire effacer
my-data-erase-what = Tous vos abonnements prennent fin immédiatement ; votre adresse, votre nom, vos choix, vos réponses et la liste de ce que nous vous avons envoyé sont supprimés. Personne ne peut revenir en arrière. Ce qui reste : une empreinte de votre adresse, dont on ne peut pas tirer l’adresse, pour qu’aucune liste ne puisse vous ramener, et la preuve verrouillée de votre accord { $until }.
my-data-erase-until = jusqu’au { $date }
my-data-erase-always = sans limite de durée
my-data-erase-button = Effacer tout ce qui me concerne
my-data-erase-sure = Oui, tout effacer
my-data-erase-unticked = Cochez d’abord « Oui, tout effacer » : personne ne peut revenir en arrière.
new-address-page-title = Confirmer votre nouvelle adresse
new-address-page-what = « { $newsletter } » et tous vos autres abonnements chez nous arriveront désormais à cette adresse.
new-address-button = Oui, utiliser cette adresse
new-address-decline = Ce n’était pas vous ? Sans votre confirmation, rien ne change. Vous pouvez aussi effacer la demande : pendant plusieurs mois, personne ne pourra plus nous faire écrire à cette adresse.
new-address-done-title = C’est fait
new-address-done-what = Vos lettres arrivent désormais à cette adresse. Nous avons prévenu l’ancienne.
erased-page-title = Tout est effacé
erased-certificate = Voir le certificat

## Les e-mails.

data-link-subject = Vos données chez « { $newsletter } »
data-link-preheader = Consultez-les, corrigez-les, téléchargez-les ou effacez-les.
data-link-title = Vos données
data-link-what = Vous avez demandé à voir ce que nous conservons à votre sujet en tant que lecteur de la lettre « { $newsletter } ». Ce lien vous y mène :
data-link-button = Ouvrir mes données
data-link-valid = Le lien est valable { $duration }. Ne le transmettez à personne.
data-link-ignore = Ce n’était pas vous ? Vous n’avez rien à faire : sans cet e-mail, personne ne peut rien voir ni modifier.

new-address-subject = Confirmez votre nouvelle adresse pour « { $newsletter } »
new-address-preheader = Un clic, et vos lettres arrivent ici.
new-address-title = Votre nouvelle adresse
new-address-mail-what = Un lecteur de la lettre « { $newsletter } » souhaite la recevoir à cette adresse. Si c’est vous, confirmez-le :
new-address-ignore = Ce n’était pas vous ? Vous n’avez rien à faire : sans votre confirmation, rien ne change. Pour ne plus recevoir ce type de demande, ouvrez le lien et choisissez « Ce n’était pas moi ».

address-changed-subject = Votre adresse pour « { $newsletter } » a changé
address-changed-preheader = Vos lettres partent désormais à une autre adresse.
address-changed-title = Votre adresse a changé
address-changed-what = « { $newsletter } » part désormais à une autre adresse. La demande a été faite par un lien envoyé à celle-ci, et confirmée à la nouvelle. Ceci est le dernier e-mail à cette adresse.
address-changed-not-you = Ce n’était pas vous ? Écrivez-nous immédiatement : { $reply }

erased-subject = Vos données sont effacées
erased-preheader = Ce qui a été supprimé, ce qui reste, et jusqu’à quand.
erased-title = Tout est effacé
erased-what = Comme vous l’avez demandé, nous avons effacé ce que nous conservions à votre sujet. Voici le certificat.
erased-deleted = Supprimé
erased-deleted-person = votre adresse, votre nom, vos choix et vos réponses
erased-deleted-subscriptions = { $count ->
    [one] { $count } abonnement, qui a pris fin
   *[other] { $count } abonnements, qui ont pris fin
 }
erased-deleted-deliveries = { $count ->
    [one] { $count } mention d’un numéro qui vous a été envoyé
   *[other] { $count } mentions de numéros qui vous ont été envoyés
 }
erased-deleted-mails = { $count ->
    [one] { $count } autre e-mail, avec la réponse du serveur
   *[other] { $count } autres e-mails, avec les réponses du serveur
 }
erased-remains = Ce qui reste
erased-remains-hash = une empreinte de votre adresse, pour qu’aucune liste ne puisse vous ramener ; on ne peut pas en tirer l’adresse. Elle reste jusqu’à ce que vous vous réabonniez vous-même.
erased-remains-proof = la preuve de votre accord, verrouillée et sans votre adresse, jusqu’au { $until }
erased-remains-proof-always = la preuve de votre accord, verrouillée et sans votre adresse, sans limite de durée
erased-remains-mail = votre adresse parmi nos e-mails à envoyer, seulement jusqu’à l’envoi du dernier e-mail sur cet effacement ; les sauvegardes de la base, jusqu’à leur remplacement
erased-remains-totals = le nombre de lecteurs de chaque numéro, un simple total
erased-at = Effacé le :
erased-again = Revenez quand vous voulez : abonnez-vous et confirmez, comme la première fois.
