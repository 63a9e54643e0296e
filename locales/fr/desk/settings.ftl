# Les réglages d’une lettre.

# pages
desk-set-pages = Pages des réglages
desk-set-choose = Choisissez une lettre.
desk-set-look-only = En lecture seule
desk-set-basics = L’essentiel
desk-set-basics-lead = Le nom de la lettre, son expéditeur et l’adresse de ses pages légales.
desk-set-look = Apparence
desk-set-look-lead = La couleur et le logo des e-mails et des pages. L’aperçu suit vos choix ; les lecteurs ne voient le changement qu’une fois enregistré.
desk-set-recipe = Rubriques habituelles
desk-set-recipe-lead = Les rubriques par lesquelles commence un nouveau numéro, et leur ordre. Les numéros déjà commencés ne changent pas.
desk-set-fields = Questions
desk-set-fields-lead = Ce que l’inscription demande en plus de l’adresse. Chaque question fait perdre des inscriptions : ne demandez que ce qui vous sert.
desk-set-texts = Textes des e-mails
desk-set-texts-lead = Ce que disent les e-mails liés à l’inscription. Chaque texte peut être reformulé, et l’on peut toujours revenir au texte d’origine.
desk-set-signup = Inscription et archives
desk-set-signup-lead = Qui trouve la lettre, où l’on peut s’inscrire et ce que reçoivent les nouveaux lecteurs.

# what every page says
desk-set-save = Enregistrer
desk-set-saved = Enregistré.
desk-set-zone-changed = Les numéros programmés partent au même instant qu’avant, ce qui est une autre heure à ces horloges. Déplacez-les si ce n’est pas voulu :
desk-set-language-changed = Les brouillons, les mails et les pages de cette lettre ont désormais leurs titres et pieds de page dans cette langue. Ce que vous avez écrit vous-même reste tel quel.
desk-set-unsaved = Pas encore enregistré. Cliquez sur « Enregistrer » quand tout vous convient.
desk-set-conflict = Non enregistré : quelqu’un d’autre a modifié les réglages de cette lettre depuis que vous avez ouvert cette page. Ce que vous avez saisi est toujours là. Regardez l’état actuel, puis décidez.
desk-set-conflict-own = Non enregistré : vous avez vous-même modifié les réglages de cette lettre le { $time }, dans une autre fenêtre. Ce que vous avez saisi est toujours là. Regardez l’état actuel, puis décidez.
desk-set-conflict-by = Non enregistré : { $name } a modifié les réglages de cette lettre le { $time }, après que vous avez ouvert cette page. Ce que vous avez saisi est toujours là. Regardez l’état actuel, puis décidez.
desk-set-overwrite = Enregistrer ma version malgré tout
desk-set-see-theirs = Voir l’état actuel (nouvel onglet)
desk-set-read-only-owner = Vous pouvez consulter ces réglages. Seuls les propriétaires de la lettre peuvent les modifier : ils décident au nom de qui elle parle.
desk-set-read-only-editor = Vous pouvez consulter les rubriques habituelles. Seuls ceux qui écrivent les numéros peuvent les modifier.
desk-set-preview = Aperçu
desk-set-preview-now = Afficher l’aperçu
desk-set-preview-none = Pas encore d’aperçu

# basics
desk-set-group-newsletter = La lettre
desk-set-title = Titre
desk-set-description = Description
desk-set-description-hint = Une phrase sur la page d’inscription : ce que les lecteurs reçoivent, et à quel rythme.
desk-set-language = Langue
desk-set-language-hint = Celle des numéros.
desk-set-time-zone = Fuseau horaire
desk-set-time-zone-hint = Celui dans lequel on entend « lundi 8 h », par exemple Europe/Paris.
desk-set-group-sender = Expéditeur
desk-set-sender-name = Nom de l’expéditeur
desk-set-sender-address = Adresse de l’expéditeur
desk-set-sender-address-hint = Son domaine doit autoriser ce serveur à envoyer.
desk-set-reply-to = Adresse pour les réponses
desk-set-reply-to-hint = Une boîte que quelqu’un relève.
desk-set-postal-address = Adresse postale
desk-set-postal-address-hint = La loi l’exige : elle figure au bas de chaque e-mail.
desk-set-group-legal = Pages légales
desk-set-legal-hint = Adresses de pages. Si une langue n’en a pas, les lecteurs voient celles de la langue de la lettre.
desk-set-imprint = Mentions légales
desk-set-privacy = Politique de confidentialité

# what does not fit
desk-set-wrong-title = Non enregistré : écrivez un titre, sur une ligne de 250 caractères au plus.
desk-set-wrong-description = Non enregistré : la description tient sur une ligne de 250 caractères au plus.
desk-set-wrong-sender-name = Non enregistré : l’expéditeur a besoin d’un nom, sur une ligne.
desk-set-wrong-sender-address = Non enregistré : l’adresse de l’expéditeur n’est pas une adresse e-mail, ou comporte avant le @ des lettres que beaucoup de serveurs refusent.
desk-set-wrong-reply-to = Non enregistré : l’adresse pour les réponses n’est pas une adresse e-mail, ou comporte avant le @ des lettres que beaucoup de serveurs refusent.
desk-set-wrong-postal-address = Non enregistré : l’adresse postale compte 1 000 caractères au plus.
desk-set-wrong-time-zone = Non enregistré : ce fuseau horaire n’existe pas. Écrivez par exemple Europe/Paris ou Asia/Almaty.
desk-set-wrong-accent = Ce n’est pas une couleur. Écrivez un # et six caractères de 0 à 9 ou de a à f, comme #0b5c68, ou utilisez le sélecteur de couleur.
desk-set-wrong-legal = Non enregistré : une page légale s’indique par son adresse complète, commençant par https.
desk-set-wrong-sites = Non enregistré : une ligne n’est pas l’adresse d’un site. Écrivez une adresse par ligne, avec https et le nom du site (magazine.example.org, par exemple), sans rien après.
desk-set-wrong-parts = Non enregistré : il peut y avoir 50 rubriques au plus.
desk-set-wrong-logo-kind = Non enregistré : ce fichier n’est ni un PNG, ni un JPEG, ni un GIF. Les messageries n’affichent pas d’autres images comme logo.
desk-set-wrong-logo-long = Non enregistré : le logo pèse 100 ko au plus, car il accompagne chaque page et chaque e-mail. Réduisez-le.
desk-set-wrong-logo-large = Non enregistré : le logo mesure 2 000 pixels au plus en largeur et en hauteur.
desk-set-wrong-logo-damaged = Non enregistré : l’image est abîmée. Enregistrez-la de nouveau ou choisissez-en une autre.

# look
desk-set-accent = Couleur
desk-set-accent-code = Couleur des liens et des boutons
desk-set-accent-hint = Un # et six caractères de 0 à 9 ou de a à f, par exemple #0b5c68. La couleur doit être assez foncée pour rester lisible.
desk-set-accent-picker = Choisir une couleur
desk-set-accent-shipped = Revenir à la couleur d’origine
desk-set-contrast-high = Contraste { $contrast } : très lisible. En mode sombre, un ton plus clair la remplace.
desk-set-contrast-enough = Contraste { $contrast } : assez lisible (il faut 4,5). En mode sombre, un ton plus clair la remplace.
desk-set-contrast-low = Trop claire : contraste de { $contrast }, il faut 4,5. Le ton lisible le plus proche est { $darker } ; c’est lui que montre l’aperçu.
desk-set-logo = Logo
desk-set-logo-now = Le logo actuel
desk-set-logo-none = Il n’y en a pas ; les e-mails ne montrent que le titre.
desk-set-logo-file = Un autre logo
desk-set-logo-hint = PNG, JPEG ou GIF, 100 ko au plus. Il s’affiche sur 48 pixels de haut.
desk-set-logo-remove = Retirer le logo
desk-set-preview-mail = E-mail
desk-set-preview-page = Page d’inscription

# recipe
desk-set-recipe-heading = titre ; vide pour le titre habituel
desk-set-recipe-empty = Aucune rubrique : un nouveau numéro commence par une page blanche.
desk-set-recipe-shipped = Revenir aux rubriques d’origine

# questions
desk-set-kind-text = Une ligne de texte
desk-set-kind-choice = Une réponse parmi plusieurs
desk-set-kind-yes-no = Une case à cocher
desk-set-kind-number = Un nombre
desk-set-kind-date = Une date
desk-set-fields-new = Nouvelle question
desk-set-fields-add = Ajouter la question
desk-set-fields-empty = Rien n’est demandé en dehors de l’adresse.
desk-set-fields-key = nommée { $key } dans les exports
desk-set-fields-label = Question
desk-set-fields-other-languages = Dans d’autres langues
desk-set-fields-required = Réponse obligatoire
desk-set-fields-greets = La réponse figure dans la salutation des e-mails (un prénom, par exemple)
desk-set-fields-choices = Réponses au choix
desk-set-fields-choice = Réponse { $number }
desk-set-fields-add-choice = Ajouter une réponse
desk-set-fields-remove-choice = Retirer la réponse { $number }
desk-set-fields-up = Monter cette question
desk-set-fields-down = Descendre cette question
desk-set-fields-remove = Retirer cette question
desk-set-fields-preview = Le formulaire vu par les lecteurs
desk-set-fields-gone = Si vous retirez une question et enregistrez, elle n’est plus posée à personne. Les réponses déjà données sont conservées jusqu’à ce que le lecteur remplisse de nouveau le formulaire, et montrées à ceux qui demandent leurs données. Une question rajoutée plus tard est une nouvelle question.
desk-set-fields-no-label = La question { $number } n’a pas de texte dans la langue de la lettre.
desk-set-fields-long-label = La question { $number } est trop longue : 150 caractères au plus, réponses comprises.
desk-set-fields-no-choice-label = La question { $number } a une réponse sans texte dans la langue de la lettre.
desk-set-fields-few-choices = La question { $number } demande au moins deux réponses au choix.
desk-set-fields-too-many = Il peut y avoir 12 questions au plus ; personne ne remplit de formulaire plus long.
desk-set-fields-two-greetings = La salutation des e-mails ne reprend qu’une réponse : cochez cette case pour une seule question.
desk-set-fields-other = Quelque chose ne va pas dans ces questions. Relisez leurs textes.

# wording
desk-set-texts-mail = E-mail
desk-set-texts-hint = Ce qui est entre accolades est rempli pour chaque lecteur : n’y touchez pas. Un texte vide revient au texte d’origine.
desk-set-mail-confirmation = Demande de confirmation
desk-set-mail-already-subscribed = Abonnement déjà en cours
desk-set-mail-welcome = Bienvenue
desk-set-mail-greeting = Salutation de tous les e-mails
desk-set-text-subject = Objet
desk-set-text-preheader = Texte d’aperçu
desk-set-text-title = Titre
desk-set-text-button = Bouton
desk-set-text-archive-button = Bouton vers le dernier numéro
desk-set-text-archive = Avant le bouton vers le dernier numéro
desk-set-text-hello = Salutation
desk-set-text-hello-name = Salutation avec un nom
desk-set-text-what = Premier paragraphe
desk-set-text-link = Si le bouton ne marche pas
desk-set-text-valid = Durée de validité du lien
desk-set-text-ignore = Pour qui ne s’est pas abonné
desk-set-text-leave = Sur le désabonnement
desk-set-text-latest = Titre du dernier numéro
desk-set-text-more = Autre texte
desk-set-text-several = si plusieurs lettres ont été choisies
desk-set-text-shipped = Texte d’origine :
desk-set-text-reset = Revenir au texte d’origine
desk-set-text-not-editable = Ce texte ne peut pas être modifié.
desk-set-text-empty = Un texte ne peut pas être vide. Pour retrouver le texte d’origine, utilisez son bouton.
desk-set-text-too-long = Ce texte compte { $most } caractères au plus.
desk-set-text-one-line = Un texte tient sur une ligne, sans retour à la ligne.
desk-set-text-unreadable = Les accolades ne sont pas correctes. Reprenez ce qui est entre accolades dans le texte d’origine.
desk-set-text-unknown-value = { $name } ne veut rien dire dans ce texte. Retirez-le.
desk-set-text-missing-value = Ce texte doit contenir { $name }, comme le texte d’origine : les lecteurs en ont besoin.
desk-set-text-link-refused = Retirez l’adresse web de ce texte : l’e-mail de confirmation ne doit avoir aucun autre lien que celui qui confirme.

# sign-up and archive
desk-set-visibility = Qui trouve la lettre
desk-set-visibility-public = Tout le monde
desk-set-visibility-public-hint = Ses numéros figurent dans les archives, la recherche, le flux et les moteurs de recherche.
desk-set-visibility-private = Seulement ceux qui la connaissent
desk-set-visibility-private-hint = Elle n’apparaît dans aucune liste, et ses numéros ne s’ouvrent que par les liens de ses e-mails. Les moteurs de recherche peuvent se souvenir de ce qui était public.
desk-set-welcome = Nouveaux lecteurs
desk-set-welcome-issue = L’e-mail de bienvenue apporte le dernier numéro
desk-set-welcome-issue-hint = Ainsi, qui s’inscrit le mardi n’attend pas le lundi suivant.
desk-set-sites = Autres sites
desk-set-sites-label = Sites autorisés à intégrer l’inscription
desk-set-sites-hint = Un par ligne, avec https et le nom du site (magazine.example.org, par exemple), sans rien après. Un seul * désigne n’importe quel site.
desk-set-snippet = À coller sur d’autres sites
desk-set-snippet-lead = La personne qui s’occupe de l’autre site copie l’un de ces éléments dans sa page.
desk-set-snippet-language = Langue du formulaire
desk-set-snippet-link = Un lien vers la page d’inscription
desk-set-snippet-form = Un formulaire
desk-set-snippet-form-hint = Fonctionne sur tout site, en prend l’aspect et ne demande aucun script.
desk-set-snippet-frame = Un cadre
desk-set-snippet-frame-hint = Affiche notre formulaire, aux couleurs de la lettre, sur les sites nommés ci-dessus.
desk-set-snippet-no-frame = Nommez un site ci-dessus et enregistrez ; un cadre pourra alors être copié ici.
desk-set-copy = Copier
desk-set-copied = Copié
desk-set-summary = Synthèse du mois
desk-set-summary-words = Les lecteurs qui ont choisi un e-mail par mois reçoivent une synthèse des numéros du mois. Elle se prépare toute seule à la fin du mois, vous attend sur la page d’accueil pour relecture et part le { $day ->
    [1] 1er
   *[other] { $day }
 } du mois suivant à { $hour } ({ $zone }). Il n’y a rien à régler ici.
desk-set-see-archive = Voir les archives

# safety mode
desk-set-safety = Mode prudent
desk-set-safety-lead = Pour des lecteurs vivant là où une lettre d’information peut attirer des ennuis.
desk-set-safety-on = Envoyer en mode prudent
desk-set-safety-does = Ce qu’il fait
desk-set-safety-does-text = Chacun reçoit tous les articles en entier dans l’e-mail : personne n’a besoin d’ouvrir un site, et aucun e-mail ne montre quels pays quelqu’un suit.
desk-set-safety-does-remote = Les e-mails ne chargent rien : ni images, ni logo. Qui surveille la connexion ne voit pas quand un e-mail est ouvert.
desk-set-safety-does-subject = L’objet et l’aperçu sont neutres : une liste d’e-mails ou un écran verrouillé ne dit rien. Le véritable objet figure à l’intérieur, comme titre.
desk-set-safety-does-logs = Qui a reçu quel numéro et les réponses des serveurs sont effacés { $days } jours après le numéro ; de même pour les adresses réseau des inscriptions. Les totaux restent.
desk-set-safety-costs = Ce qu’il coûte
desk-set-safety-costs-words = Les e-mails sont plus sobres et plus longs, et personne n’a de sélection par pays. Un objet neutre est moins souvent ouvert. Les anciens envois ne peuvent plus être consultés.
desk-set-safety-limits = Ce qu’il ne peut pas faire
desk-set-safety-limits-words = Le nom et l’adresse de l’expéditeur, et le nom de la lettre dans les en-têtes, disent toujours d’où vient l’e-mail. Ses liens mènent toujours vers des sites. Les serveurs sur le trajet peuvent le lire.
desk-set-neutral-subject = Objet de tous les numéros
desk-set-neutral-subject-hint = Une ligne qui ne dit rien. Vide pour l’objet habituel.
desk-set-wrong-neutral-subject = Non enregistré : l’objet tient sur une ligne de 150 caractères au plus.
desk-set-group-approval = Avant l’envoi
desk-set-needs-approval = Une deuxième personne doit approuver chaque numéro.
