### Les pages.

page-skip = Aller au contenu
page-languages = Langues
page-archive = Numéros parus
page-subscribe = S’abonner
page-menu = Menu
page-news-saved = Enregistré
page-news-wrong = Erreur
page-news-done = C’est fait
page-news-more = Encore une étape

subscribe-title = S’abonner à « { $newsletter } »
subscribe-lead = Chaque numéro arrive dans votre boîte mail.
subscribe-written-in = Langue de cette lettre :
subscribe-problem = Il manque quelque chose : voyez les remarques ci-dessous.
subscribe-email = Votre adresse e-mail
subscribe-letters = Les lettres
subscribe-others = Voir toutes nos lettres
subscribe-more = Personnaliser (facultatif)
subscribe-countries = Les pays que vous suivez
subscribe-countries-hint = Leurs articles viendront en premier. Ne cochez rien pour suivre tous les pays de la même façon.
field-optional = (facultatif)
field-choose = Choisissez…
fields-asked = Encore une étape : les lettres cochées demandent quelques précisions. Répondez ci-dessous, puis cliquez à nouveau sur le bouton. Rien n’est encore enregistré.
subscribe-website = Ne remplissez pas ce champ
subscribe-button = S’abonner
subscribe-next = Vous recevrez d’abord un e-mail pour confirmer votre adresse.
subscribe-privacy-title = Ce que nous conservons
subscribe-privacy = Votre adresse, votre langue, vos choix, la preuve de votre accord et ce que nous vous avons envoyé. Aucun pistage, aucune adresse cédée à des tiers. Vous pouvez modifier vos choix à tout moment.
subscribe-privacy-answers = Votre adresse, votre langue, vos choix, vos réponses ci-dessus, la preuve de votre accord et ce que nous vous avons envoyé. Aucun pistage, aucune adresse cédée à des tiers. Vous pouvez modifier vos choix à tout moment.

accepted-title = Regardez votre boîte mail
accepted-what = Nous avons envoyé un e-mail à { $email }. Il arrive en général en quelques minutes.
accepted-next = Cliquez sur le lien qu’il contient pour confirmer votre abonnement.
accepted-mailbox = Ouvrir la boîte de la démo
accepted-nothing = Vous ne voyez rien ? Regardez dans les indésirables, et vérifiez l’adresse.
accepted-limits = À une même adresse, nous envoyons { $short ->
        [one] un seul e-mail
       *[other] { $short } e-mails au plus
    } par quart d’heure et { $day } par jour. Si vous en demandez un autre plus tôt, il part au bout du quart d’heure.
accepted-subject = Objet
accepted-change = Changer l’adresse
accepted-resend = Renvoyer l’e-mail

confirm-title = Confirmer votre abonnement
confirm-what = Vous êtes sur le point de vous abonner à « { $newsletter } ».
confirm-what-several = Vous êtes sur le point de vous abonner à ces lettres :
confirm-button = Oui, je m’abonne
confirm-ignore = Ce n’était pas vous ? Sans votre confirmation, il ne se passera rien, et la demande sera effacée. Vous pouvez aussi l’effacer dès maintenant.
confirm-not-me = Ce n’était pas moi

confirmed-title = C’est fait, bienvenue !
confirmed-what = Votre abonnement à « { $newsletter } » est confirmé. Le prochain numéro arrivera dans votre boîte mail.
confirmed-what-several = Votre abonnement à ces lettres est confirmé. Les prochains numéros arriveront dans votre boîte mail.
confirmed-latest = En attendant, lisez le dernier numéro :
confirmed-preferences = Choisir mes pays, mon rythme et ma langue

not-me-title = La demande est effacée
not-me-what = Ce que cette demande avait laissé chez nous est effacé.
not-me-silence = Pendant plusieurs mois, nous n’enverrons plus de demande de confirmation à votre adresse, même si quelqu’un l’indique à nouveau. Pour cela, nous gardons une empreinte de l’adresse, et non l’adresse.
not-me-why = Quelqu’un a sans doute fait une faute de frappe, ou indiqué votre adresse à votre insu. Veuillez nous excuser pour le dérangement.
not-me-slip = Un clic par erreur ? Vous avez une heure pour l’annuler.
not-me-undo = C’était bien moi : revenir au formulaire
not-me-undo-address = C’était moi : autoriser à nouveau les e-mails
not-me-undone-title = C’est annulé
not-me-undone-what = Des e-mails peuvent de nouveau arriver à cette adresse. Rien d’autre n’a changé.

superseded-title = Il y a un e-mail plus récent
superseded-what = Depuis, nous avons envoyé un autre e-mail avec un nouveau lien. Utilisez le lien du plus récent.
superseded-why = Seul le dernier lien confirme : ainsi, personne ne peut vous faire confirmer ce que vous n’avez pas demandé.

link-invalid-title = Ce lien n’est plus valable
link-invalid-expired = Ce lien a expiré. Pour votre sécurité, un lien de confirmation n’est valable qu’un certain temps.
link-invalid-gone = Ce lien ne mène plus nulle part : l’abonnement a pris fin, ou la demande a été effacée ou remplacée par une plus récente.
link-invalid-forged = Ce lien est incomplet ou ne vient pas de nous. Votre messagerie l’a peut-être coupé : essayez de le copier en entier.
link-invalid-again = S’abonner à nouveau
link-invalid-again-hint = Cela prend une minute, et nous vous enverrons un nouveau lien.
link-invalid-copy = Ce lien ne fait rien, car il figure dans une copie d’essai destinée à la rédaction. Dans les e-mails aux lecteurs, il met fin à l’abonnement du lecteur.
link-confirmed-title = Cet abonnement est déjà confirmé
link-invalid-expired-address = Pour votre sécurité, le lien envoyé à une nouvelle adresse est valable un jour. Celui-ci a expiré, et rien n’a changé.
link-invalid-expired-undo = Un désabonnement peut être annulé pendant une heure.
link-invalid-confirmed = Ce lien a déjà servi : il n’y a plus rien à confirmer. Vos préférences se trouvent à la fin de chaque e-mail.
link-invalid-other-mail = Essayez le même lien dans un autre de nos e-mails, ou répondez à l’un d’eux en nous disant ce que vous souhaitez.
link-invalid-new-address = Vous pouvez redemander ce changement : la page de vos préférences mène à vos données, et de là à votre adresse.
link-copy-title = Un lien d’une copie d’essai

unsubscribe-title = Se désabonner
unsubscribe-what = Cliquez sur le bouton, et vous ne recevrez plus « { $newsletter } ». L’effet est immédiat.
unsubscribe-button = Me désabonner
unsubscribe-also = Vous recevez aussi :
unsubscribe-all = Me désabonner de tout
unsubscribe-stay = Modifier plutôt mes préférences

unsubscribed-title = Au revoir, et merci
unsubscribed-what = Votre désabonnement de la lettre « { $newsletter } » est effectif. Vous ne la recevrez plus.
unsubscribed-what-all = Votre désabonnement de toutes nos lettres est effectif.
unsubscribed-what-several = Votre désabonnement est effectif pour :
unsubscribed-what-ended = Votre abonnement à « { $newsletter } » a pris fin. Vous ne recevrez plus cette lettre.
unsubscribed-still = Vous recevez toujours :
unsubscribed-undo = Annuler et me réabonner
unsubscribed-back = Vous avez changé d’avis ?
unsubscribed-again = S’abonner à nouveau

undone-title = Votre abonnement continue
undone-what = Vous recevez à nouveau :

frequency = À quel rythme
frequency-each = Chaque numéro
frequency-monthly = Une synthèse par mois
frequency-hint = La synthèse réunit les articles d’un mois et arrive au début du suivant.
frequency-from = Votre choix s’applique à partir du prochain numéro.

preferences-title = Vos préférences
preferences-what = « { $newsletter } », envoyée à { $email }
preferences-what-moved = « { $newsletter } », envoyée à votre adresse actuelle
preferences-saved = C’est enregistré.
preferences-letters = Vos lettres
preferences-letters-hint = Cochez les lettres que vous acceptez de recevoir par e-mail, et décochez les autres. Vous pouvez vous désabonner de chacune à tout moment, en un clic.
preferences-pause = Faire une pause
preferences-pause-hint = Pendant la pause, les lettres de cette page ne vous sont pas envoyées, puis les envois reprennent automatiquement.
preferences-pause-none = Pas de pause
preferences-pause-keep = Ne rien changer
preferences-pause-weeks = { $weeks ->
    [one] Une semaine
   *[other] { $weeks } semaines
 }
preferences-pause-date = Jusqu’à une date
preferences-pause-day = Reprendre le
preferences-paused = En pause. Les envois reprennent le { $date }.
preferences-resume = Reprendre dès maintenant
preferences-language = Langue des pages et des e-mails de service
preferences-countries = Les pays que vous suivez
preferences-countries-hint = Leurs articles viendront en premier, les autres suivront en liste. Ne cochez rien pour suivre tous les pays de la même façon.
preferences-button = Enregistrer
preferences-leave = Vous ne souhaitez plus recevoir cette lettre ?
preferences-unsubscribe = Me désabonner

archive-title = Numéros parus
archive-lead = Tous les numéros de la lettre « { $newsletter } », du plus récent au plus ancien.
archive-empty = Aucun numéro n’est encore paru. Le premier arrive bientôt.
archive-feed = Flux Atom
archive-newer = Plus récents
archive-older = Plus anciens
archive-subscribe-title = Le prochain numéro dans votre boîte mail
archive-subscribe-what = C’est gratuit, et vous pouvez vous désabonner en un clic.
archive-all = Tous les numéros
archive-neighbours = Autres numéros
archive-issue-before = Numéro précédent :
archive-issue-after = Numéro suivant :
archive-share = Envoyer le lien par e-mail
archive-pages = Pages de la liste
archive-home-lead = Tous les numéros de nos lettres, à lire en ligne.
archive-latest = Dernier numéro :
archive-others = Nos autres lettres
archive-corrected = Ce numéro a été corrigé le { $date }.
archive-gone-title = Ce numéro n’est plus ici
archive-gone = « { $newsletter } » a retiré cette page.

search-title = Rechercher
search-label = Rechercher dans les numéros parus
search-button = Rechercher
search-nothing = Aucun numéro ne contient tous ces mots. Essayez-en moins, ou le début d’un seul.
search-everywhere = Rechercher dans toutes nos lettres

error-home = Aller à la page d’abonnement

demo-banner = Démo
demo-banner-what = Aucun e-mail ne quitte cet ordinateur.
demo-banner-start = Accueil
demo-banner-desk = Rédaction
demo-desk = La rédaction
demo-desk-what = Écrivez un numéro, relisez-le, envoyez-le et suivez son envoi. Votre session est déjà ouverte ; un numéro à moitié écrit vous attend.
demo-desk-button = Ouvrir la rédaction
demo-as-reader = En tant que lecteur
demo-banner-mailbox = Boîte mail
demo-title = Essayez Xabar en une minute
demo-lead = Trois étapes, du formulaire d’abonnement au numéro dans votre boîte mail. Aucun e-mail ne quitte cet ordinateur.
demo-sign-up = S’abonner
demo-sign-up-what = Saisissez une adresse e-mail, même inventée, et cochez la case.
demo-sign-up-button = Ouvrir le formulaire
demo-mailbox = Confirmer
demo-mailbox-what = L’e-mail de confirmation vous attend dans la boîte de la démo. Ouvrez-le et cliquez sur son bouton.
demo-send = Envoyer le numéro d’exemple
demo-send-what = Il part vers vous et vers les vingt abonnés fictifs de la démo, et arrive dans la boîte mail. Essayez ensuite les liens en bas de page : préférences et désabonnement.
demo-send-button = Envoyer le numéro d’exemple
demo-then = À voir aussi
demo-archive = Les numéros parus ces dernières semaines
demo-corrected = Un numéro corrigé après l’envoi
demo-fields = Un formulaire avec ses propres questions et un logo
demo-api = L’API

mailbox-title = Boîte mail de la démo
mailbox-lead = Les e-mails que cette démo a envoyés. Aucun n’a quitté cet ordinateur.
mailbox-sent = Le numéro d’exemple part vers { $readers ->
    [one] { $readers } personne.
   *[other] { $readers } personnes.
} Si vous avez confirmé votre abonnement, le vôtre arrive ici dans un instant.
mailbox-count = { $count ->
    [one] { $count } e-mail
   *[other] { $count } e-mails
}
mailbox-live = Les nouveaux apparaissent tout seuls.
mailbox-reload = Actualiser
mailbox-others = { $count ->
    [one] { $count } e-mail à un abonné fictif est masqué.
   *[other] { $count } e-mails aux abonnés fictifs sont masqués.
}
mailbox-all = Tout afficher
mailbox-mine = Masquer les e-mails aux abonnés fictifs
mailbox-empty = Rien pour le moment. Abonnez-vous, et l’e-mail de confirmation arrivera ici.
mailbox-from = De
mailbox-to = À
mailbox-received = Reçu
mailbox-html = Mise en page
mailbox-text = Texte
mailbox-headers = En-têtes
mailbox-views = Vues
mailbox-frame = Contenu de l’e-mail
mailbox-back = Tous les e-mails

## La page qui lit le registre des consentements.

ledger-title = Le registre des consentements est-il intact ?
ledger-lead = Chaque acte d’une lectrice ou d’un lecteur est un événement dans une chaîne d’empreintes à clé. Cette page la lit en entier et dit si quelque chose a été modifié, ajouté ou retiré. Elle s’adresse aux propriétaires de ce service.
ledger-token = Le jeton d’un propriétaire
ledger-token-hint = Créez-en un à la rédaction, sous Équipe → Jetons d’API, avec le rôle Propriétaire.
ledger-noted = Ligne d’une vérification précédente (facultatif)
ledger-noted-hint = Ce que cette page affichait alors comme « Ligne à noter pour la prochaine vérification », par exemple { $example }.
ledger-button = Lire le registre
ledger-token-wrong = Ce jeton n’est pas celui d’un propriétaire de toutes les lettres.
ledger-noted-wrong = Cela doit ressembler à { $example }.
ledger-intact = Le registre est intact
ledger-intact-what = Chaque événement est tel qu’il a été enregistré.
ledger-broken = Le registre a été modifié
ledger-broken-what = Quelqu’un ou quelque chose l’a modifié. Conservez cette page et une copie de la base de données, et cherchez qui ou quoi y avait accès.
ledger-events = Événements conservés
ledger-removed = Événements retirés à leur échéance
ledger-since = Enchaînés depuis
ledger-end = Ligne à noter pour la prochaine vérification
ledger-event = Événement { $number }
ledger-whole = L’ensemble
break-no-end = La chaîne n’a plus de fin.
break-end-moved = La fin de la chaîne a été déplacée.
break-cut-off = La chaîne ne finit plus comme avant : il manque des événements.
break-noted-missing = La ligne notée n’est plus dans la chaîne.
break-stray = L’événement a été ajouté hors de la chaîne.
break-wording = Le texte a été modifié.
break-order = L’événement ne suit pas le précédent : quelque chose a été ajouté, retiré ou déplacé.
break-changed = L’événement a été modifié.
break-taken-out = L’événement a été retiré.
break-false-removal = L’événement a été retiré, et pas par ce service.
break-back = L’événement avait été retiré et il est revenu.
