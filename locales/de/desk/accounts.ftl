# Anmeldung, Team, und was die Redaktion sagt, wenn etwas nicht geht.

desk-error-signed-out-title = Sie sind abgemeldet
desk-error-signed-out-advice = Was Sie geschrieben haben, ist nicht verloren. Melden Sie sich in einem neuen Tab wieder an, kommen Sie hierher zurück (hat sich die Seite geändert, drücken Sie „Zurück“) und speichern Sie noch einmal.
desk-error-sign-in-again = In einem neuen Tab anmelden
desk-error-not-allowed-title = Ihre Rolle erlaubt das nicht
desk-error-not-allowed-advice = Sie können diesen Newsletter ansehen, aber das hier nicht tun. Bitten Sie die Leitung um mehr Rechte.
desk-error-not-found-title = Diese Seite gibt es nicht
desk-error-not-found-advice = Vielleicht wurde sie gelöscht, oder die Adresse ist unvollständig.
desk-error-forged-title = Das kam nicht von einer Seite der Redaktion
desk-error-forged-advice = Es wurde nichts geändert. Gehen Sie zurück, laden Sie die Seite neu und versuchen Sie es noch einmal.
desk-error-unreadable-title = Diese Anfrage haben wir nicht verstanden
desk-error-unreadable-advice = Es wurde nichts geändert. Gehen Sie auf die vorige Seite zurück und versuchen Sie es noch einmal.
desk-error-too-large-title = Das ist zu groß
desk-error-too-large-advice = Es wurde nichts gespeichert. Verkleinern Sie es und versuchen Sie es noch einmal.
desk-error-conflict-title = Inzwischen hat sich etwas geändert
desk-error-conflict-advice = Jemand war schneller. Gehen Sie zurück, laden Sie die Seite neu und sehen Sie nach, was jetzt dort steht.
desk-error-invalid-title = Etwas stimmt noch nicht
desk-error-invalid-advice = Es wurde nichts gespeichert. Gehen Sie zurück und prüfen Sie Ihre Eingaben.
desk-error-unavailable-title = Eine kurze Pause
desk-error-unavailable-advice = Gerade kann nichts gespeichert werden. Versuchen Sie es in einer Minute noch einmal; lassen Sie diese Seite offen.
desk-error-internal-title = Bei uns ist etwas schiefgegangen
desk-error-internal-advice = Es liegt nicht an Ihnen. Versuchen Sie es noch einmal; wenn es dabei bleibt, sagen Sie der Person Bescheid, die diesen Dienst betreibt.
desk-error-home = Zur Redaktion
