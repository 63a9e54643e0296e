# La rédaction : accueil, numéros, écriture.

# navigation
desk-name = Rédaction
desk-home = Accueil
desk-issues = Numéros
desk-settings = Réglages
desk-people = Équipe
desk-sign-out = Se déconnecter
desk-newsletter = Lettre
desk-all = Tous
desk-show = Afficher
desk-older = Numéros plus anciens
desk-somebody = Quelqu’un
desk-as-table = Sous forme de tableau
desk-day = Jour

# states
desk-state = État
desk-state-draft = Brouillon
desk-state-scheduled = Programmé
desk-state-sending = En cours d’envoi
desk-state-paused = En pause
desk-state-sent = Envoyé
desk-state-cancelled = Annulé

# home
desk-home-greeting = Bonjour { $name }
desk-home-no-newsletter = Vous n’avez encore accès à aucune lettre. Demandez à un ou une propriétaire de vous y donner un rôle.
desk-tasks = À regarder
desk-task-stopped = « { $subject } » s’est arrêté tout seul.
desk-task-stopped-next = Voir pourquoi et continuer
desk-task-paused = « { $subject } » est en pause ; des lecteurs attendent.
desk-task-paused-next = Continuer, corriger ou arrêter
desk-task-deferred =
  « { $subject } » est en cours d’envoi ; des serveurs font attendre { $count ->
    [one] { $count } lecteur.
    *[other] { $count } lecteurs.
  }
desk-task-deferred-next = Suivre l’envoi
desk-task-summary = La synthèse du mois « { $subject } » partira toute seule.
desk-task-summary-next = La relire avant
desk-task-approval = « { $subject } » doit partir et attend l’approbation d’une deuxième personne.
desk-task-approval-next = Le relire et l’approuver
desk-task-attack = Quelqu’un inscrit des inconnus en masse. Le formulaire se protège ; les vrais lecteurs passent toujours. Dans la dernière heure : { $signups } inscriptions, { $confirmations } confirmations.
desk-task-attack-next = Cela s’arrête tout seul ; il n’y a rien à faire.
desk-task-held = Tous les envois sont suspendus : aucun numéro, aucune synthèse du mois, aucun e-mail isolé ne part. La personne qui gère le serveur les reprend avec { $command }.
desk-task-held-next = Voir les numéros
desk-task-no-worker = Aucun programme d’envoi ne fonctionne, et le numéro attend. La personne qui gère le serveur le démarre avec { $command }.
desk-task-relay-paused = Le service d’envoi { $relay } est en pause : rien ne part par lui. La personne qui gère le serveur le relance avec { $command }.
desk-home-now = En cours
desk-home-last = Derniers envois
desk-home-nothing-open = Rien n’est en cours.
desk-home-all-issues = Tous les numéros
desk-begun = commencé le { $time }
desk-goes-out = part le { $time }
desk-sent-of =
  { $sent ->
    [one] { $sent_shown } lecteur sur { $audience ->
        *[other] { $audience_shown }
      } · { $time }
    *[other] { $sent_shown } lecteurs sur { $audience ->
        *[other] { $audience_shown }
      } · { $time }
  }
desk-lost =
  { $count ->
    [one] { $count } ne l’a pas reçu
    *[other] { $count } ne l’ont pas reçu
  }
desk-readers = Lecteurs
desk-readers-active =
  { $count ->
    [one] actif
    *[other] actifs
  }
desk-readers-month =
  En 30 jours : { $joined ->
    [one] { $joined } arrivée
    *[other] { $joined } arrivées
  }, { $left ->
    [one] { $left } départ
    *[other] { $left } départs
  }
desk-readers-imported = { $count ->
     [one] Une personne importée pendant ces jours, avec un consentement plus ancien.
    *[other] { $number } personnes importées pendant ces jours, avec un consentement plus ancien.
 }
desk-readers-chart = Arrivées (au-dessus de la ligne) et départs (au-dessous) de chacun des 30 derniers jours
desk-joined = Arrivées
desk-left = Départs
desk-as-of = Compté le { $time }

# issues
desk-new-issue = Nouveau numéro
desk-no-issues = Il n’y a pas encore de numéro ici.
desk-find-issue = Chercher
desk-found-no-issue = Aucun numéro n’a ces mots dans son objet ou ses titres.
desk-no-subject = (pas encore d’objet)
desk-start = Commencer avec
desk-start-recipe = Les rubriques habituelles
desk-start-recipe-hint = titres et fiches vides, dans votre ordre
desk-start-blank = Une page blanche
desk-start-earlier = Un numéro précédent
desk-earlier = Lequel
desk-start-writing = Commencer à écrire

# writing
desk-write = Écrire
desk-history = Historique
desk-to-send = Suite : envoyer
desk-subject = Objet
desk-preheader = Texte d’aperçu
desk-preheader-hint = ce qu’une messagerie montre à côté de l’objet
desk-intro = Salutation et introduction
desk-text = Texte
desk-new-part = Autre rubrique
desk-add-part = Ajouter la rubrique
desk-add-item = Ajouter une fiche
desk-new-item = Nouvelle fiche
desk-headline = Titre
desk-item-link = Lien
desk-summary = Résumé
desk-countries = Pays
desk-picture-and-access = Image, accès libre ou payant
desk-picture-file = Téléverser une image
desk-picture-address = Adresse de l’image
desk-picture-alt = Ce que montre l’image
desk-picture-alt-hint = pour qui ne peut pas la voir
desk-picture-credit = Crédit
desk-access = Accès
desk-access-none = ne rien dire
desk-access-free = accès libre
desk-access-paid = réservé aux abonnés payants
desk-kind-news = À ne pas manquer
desk-kind-analysis = Analyse
desk-kind-articles = Articles par pays
desk-kind-photo = Photo
desk-kind-agenda = Agenda
desk-kind-press = Revue de presse
desk-kind-support = Appel au soutien
desk-kind-text = Texte libre
desk-part-up = Monter cette rubrique
desk-part-down = Descendre cette rubrique
desk-part-remove = Retirer cette rubrique
desk-item-up = Monter cette fiche
desk-item-down = Descendre cette fiche
desk-item-remove = Retirer cette fiche
desk-removed = Retiré : « { $what } ».
desk-undo = Annuler
desk-toolbar = Mise en forme
desk-bold = Gras
desk-italic = Italique
desk-link = Lien
desk-list = Liste
desk-quote = Citation
desk-save = Enregistrer
desk-saving = Enregistrement…
desk-saved = Enregistré le { $time }
desk-kept-aside = Gardé dans l’historique le { $time }, pas encore dans le numéro
desk-saved-as-shown = Tout est enregistré
desk-not-saved = Pas enregistré : { $name } a modifié ce numéro. Décider
desk-refused = Pas enregistré : le service a refusé. Ce que vous avez écrit reste sur cette page.
desk-offline = Pas enregistré : pas de connexion. Ce que vous avez écrit est gardé dans ce navigateur et sera enregistré dès que possible.
desk-signed-out-while-writing = Pas enregistré : votre session est fermée. Reconnectez-vous dans un autre onglet ; ce que vous avez écrit reste ici et sera enregistré.
desk-rescue = Ce navigateur garde un texte du { $at } qui n’a jamais été enregistré.
desk-rescue-use = Le mettre dans le numéro
desk-rescue-drop = Le jeter
desk-also-writing = { $name } écrit aussi ici. Qui enregistre en second est prévenu, et rien n’est écrasé.
desk-conflict = { $name } a modifié ce numéro pendant que vous écriviez. Votre texte est sur cette page et dans l’historique ; rien n’a été écrasé.
desk-conflict-mine = Enregistrer le mien par-dessus
desk-conflict-theirs = Afficher l’autre
desk-write-scheduled = Ce numéro part le { $time }. Vos changements comptent une fois que vous appuyez sur « Modifier le numéro programmé ».
desk-apply-scheduled = Modifier le numéro programmé
desk-apply-errors = Le numéro programmé n’a pas été modifié, et part le { $time } tel qu’il était. Corrigez d’abord ceci : { $what } Votre texte est dans l’historique.
desk-write-paused =
  { $sent ->
    [one] { $sent_shown } lecteur a reçu ce numéro
    *[other] { $sent_shown } lecteurs ont reçu ce numéro
  } ; { $waiting ->
    [one] { $waiting_shown } attend.
    *[other] { $waiting_shown } attendent.
  } Une correction n’atteint que ceux qui attendent.
desk-compare = Voir la différence
desk-correction-title = Ce qui change
desk-correction-lead =
  { $waiting ->
    [one] { $waiting } lecteur recevra le nouveau texte.
    *[other] { $waiting } lecteurs recevront le nouveau texte.
  } { $sent ->
    [one] { $sent } garde l’ancien.
    *[other] { $sent } gardent l’ancien.
  }
desk-correction-none = Rien n’a changé.
desk-correct =
  { $waiting ->
    [one] Corriger pour { $waiting } lecteur
    *[other] Corriger pour { $waiting } lecteurs
  }
desk-write-sent = Ce numéro a été envoyé. Ce que vous écrivez ici ne corrige que sa page en ligne : aucun e-mail ne repart.
desk-correction-lead-page = Aucun e-mail ne repart. La page en ligne montre le texte corrigé et le dit.
desk-correction-had =
  { $count ->
    [one] { $number } personne avait l’ancien texte : vous pourrez ensuite lui écrire un rectificatif.
    *[other] { $number } personnes avaient l’ancien texte : vous pourrez ensuite leur écrire un rectificatif.
  }
desk-correction-had-unknown = On ne sait plus qui avait l’ancien texte : il n’est pas possible de leur écrire un rectificatif.
desk-back-to-writing = Retour à l’écriture
desk-keep-as-recipe = Garder ces rubriques pour les prochains numéros
desk-recipe-kept = Les nouveaux numéros de cette lettre commenceront avec ces rubriques.
desk-throw-away = Jeter ce brouillon…
desk-throw-away-question = Il ne sera plus en cours et personne ne le recevra. Un nouveau numéro pourra tout de même commencer par son texte.
desk-throw-away-now = Jeter
desk-thrown-away = Le brouillon est jeté. Il figure ici comme annulé, et un nouveau numéro peut commencer par son texte.
desk-preview = Aperçu
desk-view-desktop = Ordinateur
desk-view-phone = Téléphone
desk-view-dark = Sombre
desk-view-text = Texte
desk-as-reader = Comme un lecteur qui suit
desk-as-everything = tout
desk-as-follower = { $country }
desk-size = { $kilobytes } ko, { $percent } % de ce que Gmail affiche
desk-size-clipped = Gmail cacherait la fin : raccourcissez le numéro.
desk-test-copy = Copie d’essai à
desk-test-send = L’envoyer
desk-test-hint = Plusieurs adresses : séparez-les par des virgules. La copie est celle choisie ci-dessus.
desk-test-sent = { $count ->
     [one] La copie d’essai est en route.
    *[other] { $count } copies d’essai sont en route.
 }
desk-test-arrived = Le serveur de { $address } a pris la copie d’essai.
desk-test-refused = La copie d’essai pour { $address } a été refusée : { $said }
desk-test-waits = La copie d’essai pour { $address } attend : { $said }
desk-test-refused-untold = La copie d’essai pour { $address } a été refusée.
desk-test-waits-untold = La copie d’essai pour { $address } attend.
desk-test-how-many = Indiquez entre une et vingt adresses.
desk-test-wrong-address = « { $address } » n’est pas une adresse e-mail.
desk-test-too-many = Trop de copies d’essai : soixante par heure et deux cents par jour partent pour une lettre. Aucune n’est partie. Réessayez dans { $minutes } minutes.
desk-test-suppressed = Ces adresses ne doivent jamais recevoir d’e-mail et n’ont pas eu de copie : { $addresses }. Copies aux autres : { $count }.
desk-unapplied = Ceci est votre texte du { $time }. Il n’est pas encore dans le numéro.
desk-unapplied-drop = Revenir au texte du numéro
desk-elsewhere = Un de vos textes, du { $time }, n’est pas dans le numéro. Vous le trouvez dans l’historique.
desk-of-the-issue = Les copies d’essai portent sur le texte qui est maintenant dans le numéro ; les vérifications, sur ce que vous écrivez.
desk-recipe-what = Ces rubriques remplacent celles par lesquelles commence chaque nouveau numéro de cette lettre.
desk-recipe-changed = Quelqu’un a modifié cette lettre entre-temps. Regardez ses rubriques habituelles dans les réglages ; si vous appuyez de nouveau sur le bouton, celles de ce numéro les remplacent.
desk-choose-newsletter = Choisissez une lettre
desk-choose-newsletter-first = Rien n’a été commencé : choisissez d’abord une lettre.
desk-paste-picture = Un texte ne peut pas contenir d’images, elles ont donc été laissées de côté. Mettez une image dans le champ prévu d’une fiche.
desk-paste-too-long = Rien n’a été collé : c’est trop long pour ce champ, qui prend { $max } caractères.
desk-not-saved-own = Pas enregistré : vous avez modifié ce numéro dans une autre fenêtre. Décider
desk-conflict-own = Vous avez modifié ce numéro vous-même, dans une autre fenêtre. Votre texte est sur cette page et dans l’historique ; rien n’a été écrasé.
desk-conflict-apply = Garder le mien et modifier le numéro programmé
desk-conflict-compare = Garder le mien et voir la différence
desk-conflict-fields = Vous avez tous deux modifié : { $fields }. Si vous enregistrez votre texte, il ne remplace l’autre que là.
desk-saved-beside = Enregistré le { $time }. Quelqu’un d’autre a modifié : { $fields }. Afficher
desk-too-late = Trop tard : gardé dans l’historique, pas dans le numéro
desk-too-late-sending = L’envoi de ce numéro a commencé le { $time }. Votre texte est dans l’historique, pas dans le numéro.
desk-too-late-sent = Ce numéro est parti ; l’envoi a commencé le { $time }. Votre texte est dans l’historique, pas dans le numéro.
desk-too-late-cancelled = Ce numéro a été arrêté définitivement. Votre texte est dans l’historique, pas dans le numéro.
desk-upload-running = L’image est en cours d’envoi…
desk-upload-offline = L’image n’a pas été envoyée : pas de connexion. Choisissez-la de nouveau.
desk-upload-signed-out = L’image n’a pas été envoyée : votre session est fermée. Reconnectez-vous dans un autre onglet, puis choisissez l’image de nouveau.
desk-nothing-done-offline = Rien n’a été fait : pas de connexion. Réessayez.
desk-nothing-done-signed-out = Rien n’a été fait : votre session est fermée. Reconnectez-vous dans un autre onglet, puis appuyez de nouveau sur le bouton.
desk-paste-form = Les tableaux et les mots barrés perdent leur forme : vérifiez ce qui a été collé.

# history
desk-history-lead = Chacun des cent derniers états peut être rétabli ; l’état présent est gardé aussi.
desk-history-lead-look = Chacun des cent derniers états peut être consulté. On ne revient en arrière que tant que le numéro est un brouillon.
desk-history-empty = Rien n’a encore été modifié ici.
desk-history-aside = pas dans le numéro
desk-history-old = Un état de ce numéro, enregistré par { $name } ({ $time }). Fermez cet onglet pour revenir.
desk-history-look = Le regarder
desk-history-restore = Revenir à cet état
desk-changed-subject = Objet modifié
desk-changed-preheader = Texte d’aperçu modifié
desk-changed-intro = Introduction modifiée
desk-changed-added = { $count ->
     [one] une fiche ajoutée
    *[other] { $count } fiches ajoutées
 }
desk-changed-removed = { $count ->
     [one] une fiche retirée
    *[other] { $count } fiches retirées
 }
desk-changed-edited = { $count ->
     [one] une fiche ou rubrique modifiée
    *[other] { $count } fiches ou rubriques modifiées
 }
desk-changed-arranged = ordre ou rubriques modifiés
desk-changed-nothing = état de départ

# refusals
desk-refused-invalid = À corriger d’abord : { $places }.
desk-refused-state = Le numéro est maintenant dans l’état « { $state } », où cela n’est pas possible.
desk-refused-changed = Quelqu’un d’autre l’a modifié entre-temps. Rechargez la page et regardez ce qui s’y trouve.
desk-refused-empty = Le numéro n’a qu’un objet.
desk-refused-no-audience = Personne ne le recevrait : la lettre n’a aucun lecteur pour lui en ce moment.
desk-refused-time = Cette heure ne convient pas : elle est passée, n’existe pas ou est à plus de deux ans.
desk-refused-under-way = Des e-mails de ce numéro sont encore en route. On saura dans quelques minutes qui a reçu le mauvais texte : réessayez alors.
desk-place-item = rubrique { $part }, fiche { $item } ({ $name })
desk-place-part = rubrique { $part } ({ $name })
desk-place-whole-part = rubrique { $part }
desk-place-parts = les rubriques
