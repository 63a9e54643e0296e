# Вход, участники и что говорит редакция, когда что-то не получается.

desk-error-signed-out-title = Вы вышли из системы
desk-error-signed-out-advice = Написанное не потеряно. Войдите снова в новой вкладке, вернитесь сюда (если страница сменилась, нажмите «Назад») и сохраните ещё раз.
desk-error-sign-in-again = Войти в новой вкладке
desk-error-not-allowed-title = Ваша роль этого не позволяет
desk-error-not-allowed-advice = Вы можете просматривать эту рассылку, но не можете сделать это. Попросите владельца расширить ваши права.
desk-error-not-found-title = Такой страницы нет
desk-error-not-found-advice = Возможно, её удалили или адрес указан не полностью.
desk-error-forged-title = Запрос пришёл не со страницы редакции
desk-error-forged-advice = Ничего не изменено. Вернитесь назад, обновите страницу и попробуйте ещё раз.
desk-error-unreadable-title = Мы не поняли этот запрос
desk-error-unreadable-advice = Ничего не изменено. Вернитесь на предыдущую страницу и попробуйте ещё раз.
desk-error-too-large-title = Слишком большой объём
desk-error-too-large-advice = Ничего не сохранено. Уменьшите объём и попробуйте ещё раз.
desk-error-conflict-title = За это время что-то изменилось
desk-error-conflict-advice = Кто-то успел раньше. Вернитесь назад, обновите страницу и посмотрите, что там сейчас.
desk-error-invalid-title = Кое-что нужно исправить
desk-error-invalid-advice = Ничего не сохранено. Вернитесь назад и проверьте введённое.
desk-error-unavailable-title = Небольшая пауза
desk-error-unavailable-advice = Сейчас ничего нельзя сохранить. Попробуйте через минуту; не закрывайте эту страницу.
desk-error-internal-title = Ошибка на нашей стороне
desk-error-internal-advice = Вы ни при чём. Попробуйте ещё раз; если не поможет, сообщите тому, кто ведёт этот сервис.
desk-error-home = В редакцию
