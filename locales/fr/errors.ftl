### Ce qui ne va pas, et que faire.

address-missing = Indiquez votre adresse e-mail.
address-no-at-sign = Une adresse e-mail s’écrit avec un nom, une arobase et un domaine, par exemple nom@example.org.
address-too-long = Cette adresse est trop longue : 64 caractères au plus avant l’arobase, 254 en tout.
address-bad-local-part = La partie avant l’arobase contient un caractère ou un point que les serveurs de messagerie refusent.
address-bad-domain = La partie après l’arobase n’est pas un nom de domaine valide.
address-unseen = L’adresse contient un espace ou un caractère invisible. Veuillez la retaper.
address-decorated = Indiquez l’adresse seule, par exemple nom@example.org : sans « mailto », sans nom, sans chevrons, sans point ni virgule à la fin.
address-mixed-scripts = La lettre « { $letter } » de cette adresse est { $script ->
    [greek] grecque
   *[cyrillic] cyrillique
 }, et ses voisines sont d’un autre alphabet. Elles peuvent se ressembler. Veuillez retaper l’adresse.
address-disposable = Les adresses de ce domaine ne sont pas acceptées ici. Indiquez une adresse que vous consultez régulièrement.
address-no-mail = Aucun e-mail ne peut être remis à ce domaine. Vérifiez ce qui suit l’arobase.
address-refused = Le serveur de cette adresse a refusé notre dernier e-mail : la boîte n’existe pas ou n’accepte plus de courrier. Vérifiez l’orthographe.
consent-missing = Cochez cette case pour vous abonner.
letters-missing = Choisissez au moins une lettre.
country-unknown = Un des pays choisis n’est pas sur notre liste.
frequency-unknown = Choisissez chaque numéro ou une synthèse par mois.
pause-bad-day = Choisissez un jour à partir de demain, dans un délai d’un an au plus.
answer-missing = Répondez à cette question.
answer-too-long = Cette réponse est trop longue : 200 caractères au plus, sur une ligne.
answer-no-choice = Choisissez une des réponses proposées.
answer-no-number = Indiquez un nombre.
answer-no-date = Indiquez une date.
signup-limited = Trop d’inscriptions sont venues de votre réseau en peu de temps. Réessayez dans { $minutes ->
    [one] une minute
   *[other] { $minutes } minutes
 }.
gate-again = Encore un clic, s’il vous plaît : cliquez à nouveau sur le bouton.
gate-work = Beaucoup d’inscriptions arrivent en ce moment. Cliquez à nouveau sur le bouton : votre navigateur fera un petit calcul qui nous protège des robots.
gate-wait = S’il n’y parvient pas, par exemple sans JavaScript, attendez { $seconds ->
    [one] une seconde
   *[other] { $seconds } secondes
 }, puis cliquez sur le bouton.
gate-working = Votre navigateur calcule. Cela prend quelques secondes…

error-bad-request-title = Nous n’avons pas compris cette demande
error-bad-request-advice = Revenez à la page précédente et réessayez.
error-not-found-title = Cette page n’existe pas
error-not-found-advice = L’adresse est peut-être incomplète. Vérifiez-la, ou allez à la page d’abonnement ou consultez les numéros parus.
error-method-not-allowed-title = Cette page ne s’ouvre pas ainsi
error-method-not-allowed-advice = Ouvrez-la depuis le lien de votre e-mail ou depuis la page d’abonnement.
error-payload-too-large-title = C’est trop long
error-payload-too-large-advice = Votre envoi dépasse la taille autorisée. Raccourcissez-le et réessayez.
error-unsupported-media-type-title = Ce format n’est pas accepté
error-unsupported-media-type-advice = Utilisez le formulaire de la page d’abonnement.
error-too-many-requests-title = Un peu trop vite
error-too-many-requests-advice = Trop de demandes sont venues de votre réseau en peu de temps. Patientez quelques minutes, puis réessayez.
error-unavailable-title = Une courte pause
error-unavailable-advice = Nous ne pouvons rien enregistrer pour le moment. Réessayez dans une minute : rien n’a été perdu.
error-internal-title = Une erreur de notre côté
error-internal-advice = Vous n’y êtes pour rien. Réessayez dans quelques minutes ; si le problème persiste, écrivez-nous.
error-status = Erreur { $status }
