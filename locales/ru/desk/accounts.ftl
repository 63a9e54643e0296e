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

# Письма об учётной записи в редакции.

editor-invitation-subject = Ваша учётная запись в редакции «{ $newsletter }»
editor-invitation-preheader = Задайте пароль — и можно писать.
editor-invitation-title = Добро пожаловать в команду
editor-invitation-what = Вас пригласили работать над рассылкой «{ $newsletter }». Задайте пароль, чтобы открыть учётную запись:
editor-invitation-button = Задать пароль
editor-invitation-valid = Ссылка действует { $duration } и только один раз. Пожалуйста, никому её не передавайте.
editor-invitation-ignore = Не знаете, о чём речь? Просто не отвечайте на это письмо: без пароля учётная запись останется закрытой.

password-reset-subject = Новый пароль для редакции «{ $newsletter }»
password-reset-preheader = По этой ссылке можно задать новый пароль.
password-reset-title = Задайте новый пароль
password-reset-what = Кто-то, скорее всего вы, запросил новый пароль для редакции «{ $newsletter }». Задайте его по этой ссылке:
password-reset-button = Задать новый пароль
password-reset-valid = Ссылка действует { $duration } и только один раз. Во всех браузерах произойдёт выход.
password-reset-ignore = Это были не вы? Ничего делать не нужно: пароль останется прежним.

# Вход.

desk-outside-name = Редакция
desk-sign-in-title = Вход
desk-sign-in-email = Адрес электронной почты
desk-sign-in-password = Пароль
desk-sign-in-button = Войти
desk-sign-in-forgot = Забыли пароль?
desk-sign-in-wrong = Неверный адрес или пароль. Проверьте и попробуйте ещё раз.
desk-sign-in-code = Код неверен или уже использован. Дождитесь следующего и попробуйте ещё раз.
desk-sign-in-limited = { $minutes ->
    [one] Слишком много попыток. Подождите { $minutes } минуту и попробуйте ещё раз.
    [few] Слишком много попыток. Подождите { $minutes } минуты и попробуйте ещё раз.
   *[other] Слишком много попыток. Подождите { $minutes } минут и попробуйте ещё раз.
}
desk-sign-in-expired = Прошло слишком много времени. Введите пароль ещё раз.
desk-signed-out-done = Вы вышли из системы.
desk-signed-out-everywhere-done = Вы вышли из системы во всех браузерах.
desk-password-set-done = Новый пароль сохранён. Войдите с ним.
desk-code-title = Ваш код
desk-code-what = Откройте приложение на телефоне и введите код, который оно показывает.
desk-code-label = Код из шести цифр
desk-code-hint = Телефона нет под рукой? Введите один из резервных кодов.
desk-code-back = Вернуться ко входу
desk-forgot-title = Забыли пароль?
desk-forgot-what = Укажите адрес своей учётной записи. Мы пришлём ссылку, по которой можно задать новый пароль.
desk-forgot-button = Прислать ссылку
desk-forgot-sent = Если у { $email } есть учётная запись, ссылка уже в пути. Она действует один час.
desk-forgot-again = Через несколько минут ничего нет? Загляните в папку «Спам» или попросите владельца пригласить вас ещё раз.
desk-invitation-title = Добро пожаловать, { $name }
desk-invitation-what = Придумайте пароль для своей учётной записи — и можно начинать.
desk-reset-title = Новый пароль
desk-reset-what = С новым паролем вы выйдете из системы во всех остальных браузерах.
desk-new-password = Новый пароль
desk-new-password-hint = Не меньше 12 знаков. Хорошо подойдут несколько слов, не связанных друг с другом: их легко запомнить.
desk-new-password-button = Сохранить пароль
desk-weak-short = Слишком коротко. Нужно не меньше 12 знаков.
desk-weak-long = Слишком длинно. Не больше 200 знаков.
desk-weak-personal = Не используйте своё имя и адрес.
desk-weak-guessable = Такой пароль легко угадать. Возьмите несколько слов, не связанных друг с другом.
desk-link-invalid-title = Эта ссылка больше не действует
desk-link-invalid-what = Она уже использована, устарела или скопирована не полностью. Можно получить новую.
desk-link-invalid-button = Прислать новую ссылку
