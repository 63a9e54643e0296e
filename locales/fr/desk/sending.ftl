# Before an issue goes out
desk-sending-send = Envoyer
desk-sending-back-to-writing = Revenir au texte
desk-sending-because-not-approved = Ce numéro était programmé, mais à l’heure dite personne n’avait approuvé son texte actuel. Il n’est pas parti. Faites-le approuver, puis envoyez-le.
desk-sending-is-erratum = Ceci est un rectificatif : il ne va qu’aux personnes qui ont reçu le mauvais texte et sont toujours abonnées.
desk-sending-planned = Il part le { $time }, fuseau { $zone } (UTC{ $offset } ; { $utc } UTC).
desk-sending-who = Qui le reçoit
desk-sending-lead =
  { $count ->
    [one] { $number } personne le reçoit
    *[other] { $number } personnes le reçoivent
  }{ $variants ->
    [one] , sous une seule forme.
    *[other] , sous { $variants } formes selon les pays suivis.
  }
desk-sending-candidates = Toutes les personnes inscrites un jour
desk-sending-candidates-erratum = Toutes les personnes qui ont reçu le mauvais texte
desk-sending-get-it = Reçoivent ce numéro
desk-sending-left-out-paused = en pause
desk-sending-left-out-monthly = reçoivent la synthèse du mois
desk-sending-left-out-each = reçoivent chaque numéro
desk-sending-left-out-pending = n’ont pas encore confirmé
desk-sending-left-out-unsubscribed = se sont désabonnées
desk-sending-left-out-bounced = ne sont plus joignables
desk-sending-left-out-complained = se sont plaintes
desk-sending-takes-unknown = Impossible de dire combien de temps cela prendra : aucun numéro précédent ne permet de l’estimer.
desk-sending-takes-as-earlier = Il faut environ { $lasts }, à raison de { $rate }, comme pour « { $subject } ».
desk-sending-takes-by-settings = Il faut environ { $lasts } : les réglages permettent { $rate }.
desk-sending-lasts-seconds =
  { $count ->
    [one] { $count } seconde
    *[other] { $count } secondes
  }
desk-sending-rate =
  { $count ->
    [one] { $number } e-mail par minute
    *[other] { $number } e-mails par minute
  }
desk-sending-lasts-minutes =
  { $count ->
    [one] { $count } minute
    *[other] { $count } minutes
  }
desk-sending-lasts-hours =
  { $count ->
    [one] { $count } heure
    *[other] { $count } heures
  }
desk-sending-lasts-days =
  { $count ->
    [one] { $count } jour
    *[other] { $count } jours
  }
desk-sending-approval = La deuxième personne
desk-sending-approved = { $name } a approuvé ce texte le { $time }.
desk-sending-approval-changed = Le texte a changé après son approbation par { $name }. Une autre personne que celle qui envoie doit approuver le texte actuel.
desk-sending-approval-changed-own = Le texte a changé après votre approbation. Une autre personne que celle qui envoie doit approuver le texte actuel.
desk-sending-approval-missing = Cette lettre demande deux personnes : une autre que celle qui envoie doit approuver le texte.
desk-sending-approval-own = Vous avez approuvé ce texte. C’est maintenant à une autre personne de l’envoyer.
desk-sending-approval-own-schedule = Vous avez vous-même programmé ce numéro. Une autre personne doit l’approuver.
desk-sending-approval-given = { $name } a déjà approuvé ce texte. Vous pouvez l’envoyer vous-même.
desk-sending-approve = Approuver comme deuxième personne
desk-sending-approve-hint = Vous ne pourrez alors pas l’envoyer vous-même. Toute modification ultérieure l’annule.
desk-sending-ask-approval = Demander l’approbation
desk-sending-ask-approval-hint = Vos collègues le trouvent parmi ce qui les attend.
desk-sending-asked = Vous avez demandé l’approbation de ce numéro. Vos collègues le trouvent sur leur page d’accueil.
desk-sending-after-approval = Il pourra partir quand une autre personne l’aura approuvé.
desk-sending-resume-own = Vous avez approuvé ce texte. C’est maintenant à une autre personne de continuer l’envoi.
desk-sending-resume-changed = Le texte a changé après son approbation par { $name }. L’envoi continuera quand quelqu’un aura approuvé le texte actuel et qu’une autre personne l’aura relancé.
desk-sending-resume-changed-own = Le texte a changé après votre approbation. Approuvez le texte actuel, et une autre personne pourra continuer l’envoi. Ou bien une autre personne l’approuve, et vous continuez l’envoi.
desk-sending-resume-missing = Cette lettre demande deux personnes : l’une approuve le texte, l’autre continue l’envoi.
desk-sending-when = Quand
desk-sending-viewer = Vous pouvez tout consulter ici. L’envoi revient à une personne qui a le rôle Rédaction.
desk-sending-mend = Corriger
desk-sending-soon = Dans une minute
desk-sending-soon-hint = d’ici là, vous pouvez annuler l’envoi
desk-sending-slot-hint = comme d’habitude
desk-sending-at = À un autre moment
desk-sending-at-field = Jour et heure (fuseau { $zone })
desk-sending-zone = Les heures sont celles du fuseau { $zone }, où il est maintenant { $time }.
desk-sending-button =
  { $count ->
    [one] Envoyer à { $number } personne
    *[other] Envoyer à { $number } personnes
  }
desk-sending-take-back = Annuler l’envoi
desk-sending-move = Déplacer
desk-sending-button-later =
  { $count ->
    [one] Programmer pour { $number } personne
    *[other] Programmer pour { $number } personnes
  }

# While it goes out
desk-sending-countdown = Départ dans { $seconds } s.
desk-sending-headline-sending =
  Envoyé à { $sent } sur { $count ->
    [one] { $audience } personne.
    *[other] { $audience } personnes.
  }
desk-sending-headline-paused =
  En pause : envoyé à { $sent } sur { $count ->
    [one] { $audience } personne, plus rien ne part pour l’instant.
    *[other] { $audience } personnes, plus rien ne part pour l’instant.
  }
desk-sending-headline-sent =
  Envoyé à { $sent } sur { $count ->
    [one] { $audience } personne.
    *[other] { $audience } personnes.
  }
desk-sending-headline-cancelled =
  Arrêté pour de bon : envoyé à { $sent } sur { $count ->
    [one] { $audience } personne.
    *[other] { $audience } personnes.
  }
desk-sending-progress = Avancement
desk-sending-sent = Envoyés
desk-sending-queued = En attente
desk-sending-deferred = À réessayer
desk-sending-refused = Refusés
desk-sending-bounced = Adresse inconnue
desk-sending-failed = Échecs
desk-sending-unknown = Peut-être envoyés
desk-sending-skipped = Non envoyés
desk-sending-waiting = En attente
desk-sending-pace = { $rate } ; fin prévue : { $time }.
desk-sending-pace-rest = { $rate }. Fin prévue des premiers essais : { $time }. Le reste est réessayé plus tard.
desk-sending-pace-next-try = Un essai a été fait pour tous. Prochain essai pour les autres : { $time }.
desk-sending-pace-begins = L’envoi commence ; la vitesse sera connue dans quelques secondes.
desk-sending-provider-slows =
  { $provider } nous demande de ralentir : { $count ->
    [one] { $number } personne attend, les autres suivent ; prochain essai : { $time }.
    *[other] { $number } personnes attendent, les autres suivent ; prochain essai : { $time }.
  }
desk-sending-provider-limit =
  { $provider } n’en prend pas plus à la fois : { $count ->
    [one] { $number } personne attend ; prochain essai : { $time }.
    *[other] { $number } personnes attendent ; prochain essai : { $time }.
  }
desk-sending-standstill-held = Tous les envois sont suspendus : rien ne part. La personne qui gère le serveur peut les reprendre.
desk-sending-standstill-relays-paused = Tous les services d’envoi sont en pause : rien ne part. La personne qui gère le serveur peut les relancer.
desk-sending-standstill-no-worker = Aucun programme d’envoi ne fonctionne. Prévenez la personne qui gère le serveur ; le numéro repartira ensuite de lui-même.
desk-sending-relay-limit = Le serveur « { $relay } » n’accepte que { $connections } des { $configured } connexions prévues ; une de plus sera essayée à { $time }. L’envoi continue, plus lentement.
desk-sending-waits-no_mailbox =
  { $count ->
    [one] Nouvel essai plus tard pour { $number } personne : adresse introuvable pour l’instant.
    *[other] Nouvel essai plus tard pour { $number } personnes : adresse introuvable pour l’instant.
  }
desk-sending-waits-full =
  { $count ->
    [one] Nouvel essai plus tard pour { $number } personne : boîte pleine.
    *[other] Nouvel essai plus tard pour { $number } personnes : boîte pleine.
  }
desk-sending-waits-slow_down =
  { $count ->
    [one] Nouvel essai plus tard pour { $number } personne : le serveur veut moins d’e-mails à la fois.
    *[other] Nouvel essai plus tard pour { $number } personnes : le serveur veut moins d’e-mails à la fois.
  }
desk-sending-waits-unwanted =
  { $count ->
    [one] Nouvel essai plus tard pour { $number } personne : le serveur ne veut pas de cet e-mail.
    *[other] Nouvel essai plus tard pour { $number } personnes : le serveur ne veut pas de cet e-mail.
  }
desk-sending-waits-too_large =
  { $count ->
    [one] Nouvel essai plus tard pour { $number } personne : e-mail trop lourd pour le serveur.
    *[other] Nouvel essai plus tard pour { $number } personnes : e-mail trop lourd pour le serveur.
  }
desk-sending-waits-later =
  { $count ->
    [one] Nouvel essai plus tard pour { $number } personne : le serveur demande de revenir plus tard.
    *[other] Nouvel essai plus tard pour { $number } personnes : le serveur demande de revenir plus tard.
  }
desk-sending-waits-no_answer =
  { $count ->
    [one] Nouvel essai plus tard pour { $number } personne : aucun serveur n’a répondu.
    *[other] Nouvel essai plus tard pour { $number } personnes : aucun serveur n’a répondu.
  }
desk-sending-waits-other =
  { $count ->
    [one] Nouvel essai plus tard pour { $number } personne : le serveur a donné une autre raison.
    *[other] Nouvel essai plus tard pour { $number } personnes : le serveur a donné une autre raison.
  }
desk-sending-because-refused = L’envoi s’est mis en pause de lui-même : le serveur de messagerie a refusé ce numéro pour plusieurs lecteurs de suite, chaque fois avec la même réponse : « { $said } ». Aucun n’est compté comme un échec. Une fois le problème réglé, continuez.
desk-sending-because-unanswered = L’envoi s’est mis en pause de lui-même : pour plusieurs lecteurs de suite, rien n’a dit après l’e-mail si le serveur de messagerie l’avait accepté : « { $said } ». Ces e-mails sont peut-être arrivés, et chacun repartira une fois si vous continuez. Demandez d’abord à la personne qui gère le serveur de consulter le journal du serveur de messagerie.
desk-sending-because-cannot-be-built = L’envoi s’est mis en pause de lui-même : ses e-mails ne peuvent pas être composés. La raison : « { $said } ». Personne n’est compté comme un échec. Une fois le problème réglé, continuez.
desk-sending-because-held = La personne qui gère le serveur a suspendu tous les envois : « { $said } » Ce numéro ne repart pas de lui-même : une fois les envois rétablis, appuyez sur « Continuer ».
desk-sending-because-held-unsaid = La personne qui gère le serveur a suspendu tous les envois. Ce numéro ne repart pas de lui-même : une fois les envois rétablis, appuyez sur « Continuer ».
desk-sending-because-copied = Cette base de données a été restaurée ou copiée pendant l’envoi. Les lecteurs qui ont reçu ce numéro après la copie le recevraient deux fois. Regardez où en était l’envoi, puis continuez ou arrêtez définitivement.
desk-sending-because-overdue = L’heure prévue est passée pendant que cette base de données était restaurée ou copiée. Regardez si ce numéro est déjà parti. Si ce n’est pas le cas, envoyez-le.
desk-sending-because-other = { $said }
desk-sending-connection-lost = La connexion est perdue. L’envoi continue ; cette page reviendra d’elle-même.
desk-sending-pause = Mettre en pause
desk-sending-resume = Continuer
desk-sending-correct = Corriger pour les autres
desk-sending-corrected = Le texte a été corrigé. Les personnes qui attendent recevront le nouveau quand vous continuerez.
desk-sending-stop = Arrêter pour de bon…
desk-sending-stop-question =
  { $count ->
    [one] { $number } personne ne recevra pas ce numéro. C’est irréversible.
    *[other] { $number } personnes ne recevront pas ce numéro. C’est irréversible.
  }
desk-sending-stop-page = « Lire en ligne » fonctionne toujours dans les messages déjà partis. Le numéro disparaît des listes, du flux et de la recherche des archives.
desk-sending-stop-now = Arrêter pour de bon

# The report
desk-sending-report = Bilan
desk-sending-watch = Suivre l’envoi
desk-sending-csv = Tableau (CSV)
desk-sending-begin-with = Commencer un numéro avec celui-ci
desk-sending-archive = Dans les archives
desk-sending-from = Du { $time }
desk-sending-until = au { $time }
desk-sending-result = Ce qu’il en est advenu
desk-sending-sent-means = Envoyé veut dire : le serveur de messagerie a accepté l’e-mail. S’il est arrivé dans la boîte, on ne le sait pas ici.
desk-sending-skipped-means = Non envoyés : ces personnes se sont désabonnées ou ont fait une pause, ou l’envoi a été arrêté avant.
desk-sending-what = Résultat
desk-sending-readers = Lecteurs
desk-sending-share = Part
desk-sending-left =
  { $count ->
    [one] { $number } personne est partie dans la semaine qui a suivi
    *[other] { $number } personnes sont parties dans la semaine qui a suivi
  }{ $complained ->
    [0] .
    [one]  ; { $complained } s’est plainte.
    *[other]  ; { $complained } se sont plaintes.
  }
desk-sending-left-so-far = C’est pour l’instant : la semaine n’est pas finie.
desk-sending-left-week = Départs en une semaine
desk-sending-failed-list = Qui ne l’a pas reçu, et pourquoi
desk-sending-failed-none = Personne.
desk-sending-failed-more = Suite
desk-sending-retry =
  { $count ->
    [one] Renvoyer à la personne dont l’envoi a échoué
    *[other] Renvoyer aux { $number } personnes dont l’envoi a échoué
  }
desk-sending-erratum = Écrire aux personnes qui ont reçu le mauvais texte
desk-sending-erratum-hint = Un nouveau brouillon, pour elles seules.
desk-sending-erratum-subject = Rectificatif : { $subject }
desk-sending-nothing-wrong = Personne n’a reçu un autre texte que l’actuel, ou tous ont déjà reçu un rectificatif : il n’y a rien à rectifier.
desk-sending-ledger-removed = On ne sait plus qui a reçu le mauvais texte : ces données sont effacées après un certain temps. Écrivez plutôt un nouveau numéro à tout le monde.
desk-sending-page = La page en ligne
desk-sending-page-off = Page retirée
desk-sending-page-hide = Retirer la page
desk-sending-page-hint = Son adresse dit alors que la page a été retirée ; les listes, le flux et la recherche ne montrent plus le numéro. Les e-mails ne changent pas, et vous pouvez remettre la page en ligne.
desk-sending-page-hidden = La page est retirée depuis le { $time }. Son adresse le dit à qui l’ouvre.
desk-sending-page-unhide = Remettre la page en ligne
desk-sending-page-correct = Corriger la page
desk-sending-page-corrected = La page a le texte corrigé. Aucun e-mail n’est parti.
desk-sending-no-page = Ce numéro n’a pas de page en ligne : il n’a pas été envoyé, ou il a été arrêté avant que quelqu’un le reçoive.
desk-sending-course = Au fil du temps
desk-sending-course-chart = E-mails envoyés et, au-dessus, refusés, au fil du temps
desk-sending-time = Heure
desk-sending-next-try = Prochain essai
desk-sending-providers = Par fournisseur de messagerie
desk-sending-providers-later = Ce tableau est établi une fois l’envoi terminé ; cela prend environ une minute.
desk-sending-provider = Fournisseur
desk-sending-other-providers = tous les autres
desk-sending-all-providers = tous
desk-sending-causes = Pourquoi des e-mails ne sont pas arrivés, ou attendent
desk-sending-cause = Raison
desk-sending-answer = Réponse du serveur
desk-sending-meaning-no_mailbox = L’adresse n’existe pas
desk-sending-meaning-full = La boîte est pleine
desk-sending-meaning-slow_down = Le serveur veut moins d’e-mails
desk-sending-meaning-unwanted = Le serveur ne veut pas de cet e-mail
desk-sending-meaning-too_large = L’e-mail est trop lourd
desk-sending-meaning-later = Le serveur demande de revenir plus tard
desk-sending-meaning-no_answer = Aucun serveur n’a répondu
desk-sending-meaning-other = Une autre raison
desk-sending-state-queued = en attente
desk-sending-state-sent = envoyé
desk-sending-state-deferred = à réessayer
desk-sending-state-bounced = adresse inconnue
desk-sending-state-failed = échec
desk-sending-state-skipped = non envoyé
desk-sending-state-unknown = peut-être envoyé
desk-sending-earlier = À côté des numéros précédents
desk-sending-issue = Numéro
desk-sending-reader = Lecteur
desk-sending-reader-number = N° { $number }
desk-sending-attempts = Essais
desk-sending-errors-first = Les vérifications ont trouvé quelque chose à corriger avant l’envoi.
desk-sending-errors-planned = Les vérifications ont trouvé quelque chose à corriger. Le numéro part ainsi, sauf si quelqu’un le modifie ou annule l’envoi.
desk-sending-changed = Quelqu’un a modifié le texte depuis que vous avez ouvert cette page. C’est ce qui est ici maintenant qui part : regardez-le, puis appuyez encore une fois.
desk-sending-warnings-first = Regardez ce que les vérifications ont trouvé, puis cochez que vous l’avez vu.
desk-sending-time-or-choice = Vous avez saisi une heure, mais une autre réponse était cochée. L’heure est maintenant cochée : envoyez de nouveau si c’est bien elle, ou cochez l’autre réponse.
desk-sending-warnings-seen = { $count ->
     [one] J’ai vu l’avertissement et je veux envoyer quand même.
    *[other] J’ai vu les { $count } avertissements et je veux envoyer quand même.
 }
desk-sending-all-checks = Toutes les vérifications, liens et envoi compris
