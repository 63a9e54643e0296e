# Вход, участники и что говорит редакция, когда что-то не получается.

desk-error-signed-out-title = Сеанс завершён
desk-error-signed-out-advice = Написанное не потеряно. Войдите снова в новой вкладке и вернитесь сюда. Если страница сменилась, обновите её и подтвердите повторную отправку; если нет, сохраните ещё раз.
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
desk-error-unavailable-advice = Сейчас ничего нельзя сохранить. Не закрывайте страницу, обновите её через минуту и, если браузер спросит, подтвердите повторную отправку.
desk-error-upgrading-title = Сервис обновляется
desk-error-upgrading-advice = Это займёт минуту-другую, редко дольше. Написанное не потеряно: не закрывайте страницу, обновите её через минуту и, если браузер спросит, подтвердите повторную отправку.
desk-error-internal-title = Ошибка на нашей стороне
desk-error-internal-advice = Вы ни при чём. Попробуйте ещё раз; если не поможет, сообщите тому, кто обслуживает этот сервис.
desk-error-home = В редакцию

# Письма об учётной записи в редакции.

editor-invitation-subject = Ваша учётная запись в редакции «{ $newsletter }»
editor-invitation-preheader = Задайте пароль — и можно писать.
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

new-browser-subject = Новый вход в редакцию «{ $newsletter }»
new-browser-preheader = В вашу учётную запись вошли из браузера, из которого раньше не входили.
new-browser-title = Вход из нового браузера
new-browser-what = Кто-то вошёл в вашу учётную запись в редакции «{ $newsletter }»: { $time } ({ $zone }). Из этого браузера раньше не входили.
new-browser-which = Браузер: { $browser }
new-browser-was-you = Это были вы? Тогда ничего делать не нужно.
new-browser-not-you = Это были не вы? Сразу задайте новый пароль: во всех браузерах произойдёт выход.
new-browser-quiet = За последний час это не единственный новый браузер. Чтобы не переполнять ваш ящик, других уведомлений не будет до этого времени: { $until } ({ $zone }). На странице вашей учётной записи видны все браузеры, в которых выполнен вход.
new-browser-button = Задать новый пароль
new-browser-everywhere = Выйти везде можно и без нового пароля, внизу страницы вашей учётной записи:
codes-off-subject = Коды отключены в редакции «{ $newsletter }»
codes-off-preheader = Теперь для входа достаточно пароля.
codes-off-title = Коды отключены
codes-off-what = Владелец рассылок отключил коды вашей учётной записи в редакции «{ $newsletter }» и завершил все ваши сеансы. Теперь для входа достаточно пароля.
codes-off-again = Войдите и снова включите коды на новом телефоне. Тогда вы получите и новые резервные коды.
codes-off-button = Открыть мою учётную запись
codes-off-not-you = Вы об этом не просили? Сообщите владельцам рассылок и задайте новый пароль:

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
desk-invitation-what = Придумайте пароль для своей учётной записи — и можно начинать.
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

# The own account, people, tokens and the log.

desk-proof-label = Ваш пароль или код из приложения
desk-proof-hint = Вы вошли уже давно. Так мы убедимся, что это по-прежнему вы.
desk-proof-missing = Введите пароль или код ещё раз: вы вошли уже давно. Ничего не изменено.
desk-proof-wrong = Неверный пароль или код. Ничего не изменено.
desk-account = Ваша учётная запись
desk-account-name = Имя
desk-account-language = Язык редакции
desk-account-saved = Сохранено.
desk-account-password = Пароль
desk-account-password-ends = Во всех остальных браузерах произойдёт выход.
desk-account-password-saved = Новый пароль сохранён. Во всех остальных браузерах выполнен выход.
desk-totp = Коды из приложения
desk-totp-is-on = Код из приложения запрашивается при каждом входе.
desk-totp-is-off = С приложением на телефоне украденного пароля недостаточно, чтобы войти.
desk-totp-set-up = Настроить приложение
desk-totp-what = С приложением на телефоне украденного пароля недостаточно, чтобы войти. Подойдёт любое приложение для одноразовых кодов (TOTP).
desk-totp-required-what = Здесь все входят с кодом из приложения. Настройте его сейчас; подойдёт любое приложение для одноразовых кодов (TOTP).
desk-totp-required = Коды здесь обязательны, отключить их нельзя.
desk-totp-step-scan = Откройте приложение на телефоне и отсканируйте эту картинку:
desk-totp-qr = QR-код для вашего приложения
desk-totp-step-type = Или введите это в приложение:
desk-totp-this-phone = Открыть в приложении на этом устройстве
desk-totp-step-code = Введите код, который показывает приложение:
desk-totp-turn-on = Включить коды
desk-totp-turn-off = Отключить коды
desk-totp-off-done = Коды больше не запрашиваются.
desk-codes = Ваши резервные коды
desk-codes-what = Теперь коды запрашиваются. Если телефон потерян, каждый из этих кодов позволит войти один раз. Они показаны только сейчас: распечатайте их или храните вместе с паролями.
desk-codes-kept = Я их сохранил(а)
desk-codes-renew = Создать новые резервные коды
desk-browsers = Где вы вошли
desk-browser = Браузер
desk-browser-began = Вход
desk-browser-seen = Последнее использование
desk-browser-this = Этот браузер:
desk-browser-unknown = Неизвестно
desk-browser-zone = Время по часовому поясу { $zone }.
desk-sign-out-everywhere = Выйти везде
desk-people-roles = Роли
desk-people-role = Роль
desk-people-everywhere = все рассылки
desk-people-waiting = пароль ещё не задан
desk-people-invite = Пригласить участника
desk-people-invite-button = Отправить приглашение
desk-people-invite-again = Отправить приглашение ещё раз
desk-people-invited = Приглашение уже в пути. Ссылка в нём действует семь дней.
desk-people-removed = Учётная запись удалена.
desk-people-no-role = Нет роли
desk-people-take-role = Забрать роль
desk-people-set-role = Изменить роль
desk-people-remove-title = Удалить учётную запись
desk-people-remove-what = Выход произойдёт сразу, войти снова будет нельзя. Всё сделанное останется в журнале.
desk-people-remove = Удалить: { $name }
desk-people-taken = У этого адреса уже есть учётная запись.
desk-people-last-owner = Это последний владелец всех рассылок. Сначала передайте эту роль кому-нибудь ещё.
desk-people-bad-name = В имени от 1 до 100 знаков.
desk-people-tokens = { $count ->
    [one] У этого участника есть токен API (или он его создал):
    [few] У этого участника есть токены API (или он их создал):
   *[many] У этого участника есть токены API (или он их создал):
 }
desk-people-tokens-revoke = Отозвать и их. Программы, которые их используют, перестанут работать.
desk-people-tokens-if-demoted = Если участник больше не владелец, отозвать и их. Программы, которые их используют, перестанут работать.
desk-people-totp-title = Коды приложения
desk-people-totp-what = Если потеряны и телефон, и резервные коды, коды можно отключить: тогда для входа хватит пароля. Убедитесь, что просит действительно этот человек. Его сеансы завершатся, и он получит письмо.
desk-people-totp-off = Отключить коды: { $name }
desk-people-totp-is-off = Коды отключены. Участник получит письмо об этом.
desk-code-lost = Нет ни телефона, ни резервного кода? Попросите владельца рассылок отключить ваши коды.
desk-role-viewer = Наблюдатель
desk-role-viewer-may = просматривает
desk-role-editor = Редактор
desk-role-editor-may = пишет и отправляет
desk-role-owner = Владелец
desk-role-owner-may = всё, включая участников и настройки
desk-tokens = Токены API
desk-tokens-what = С токеном программа работает через API. Он показывается один раз. Дайте каждой программе свой токен и не больше прав, чем нужно.
desk-tokens-none = Токенов нет.
desk-token-made = Это новый токен. Скопируйте его сейчас: больше он показан не будет.
desk-token-new = Создать токен
desk-token-name = Для чего он
desk-token-expires = Истекает
desk-token-never = никогда
desk-token-make = Создать токен
desk-token-revoke = Отозвать
desk-token-revoke-which = Отозвать токен «{ $name }»
desk-token-whose = Чей он
desk-token-whose-hint = Если одобряют и отправляют двое, один человек считается один раз, со всеми своими токенами. Для программы, которая отправляет сама, выберите «программы».
desk-token-nobodys = программы
desk-token-made-by = создан: { $name }
desk-log = Журнал
desk-log-what = Кто что сделал. Никто не может здесь ничего изменить или удалить.
desk-log-check = Проверить журнал
desk-log-broken = Журнал не такой, каким был записан:
desk-log-when = Когда
desk-log-who = Кто
desk-log-did = Что
desk-log-by-nobody = неизвестно
desk-log-by-command-line = Командная строка
desk-log-by-schedule = Расписание
desk-log-by-token = Токен
desk-log-unreadable = Эту запись нельзя прочитать
desk-log-everybody = все
desk-log-everything = всё
desk-log-none = Подходящих записей нет.
desk-log-newest = К самым новым
desk-log-older = Более старые записи
desk-log-csv = Скачать в CSV
desk-log-csv-hint = Все подходящие записи. Само скачивание тоже попадает в журнал.
desk-log-with-password = по паролю
desk-log-with-code = по паролю и коду
desk-log-fresh-proof = повторный запрос пароля
desk-log-everywhere = во всех браузерах
desk-log-one-reader = один читатель
desk-log-no-account = учётной записи с таким адресом нет; попыток за этот час: { $count }
desk-log-exported = этот журнал
desk-log-held-by-hand = приостановлено из командной строки
desk-log-paused-by-hand = приостановлен из командной строки
desk-log-suppressed = адресов: { $addresses }, завершённых подписок: { $subscriptions }, причина: { $because }
desk-log-suppressed-by-hand = заблокировано оператором
desk-log-one-address = один адрес
desk-log-one-address-asked = один адрес, по просьбе читателя
desk-log-addresses = адресов: { $count }
desk-log-addresses-asked = адресов, по просьбе читателей: { $count }
desk-log-import-begun = начат, строк: { $count }
desk-log-import-done = новых читателей: { $count }
desk-log-import-failed = ошибка, обработано строк: { $count }
desk-log-import-interrupted = прерван, обработано строк: { $count }
desk-log-import-begun-left = начат учёт отписавшихся, строк: { $count }
desk-log-import-left = отписавшихся: { $count }
desk-log-import-undoing = импорт { $import }
desk-log-import-undone = импорт { $import }, удалено подписок: { $count }
desk-log-setting-title = название
desk-log-setting-description = описание
desk-log-setting-language = язык
desk-log-setting-sender-name = имя отправителя
desk-log-setting-sender-address = адрес отправителя
desk-log-setting-reply-to = адрес для ответов
desk-log-setting-postal-address = почтовый адрес
desk-log-setting-time-zone = часовой пояс
desk-log-setting-visibility = кто может найти рассылку
desk-log-setting-accent = цвет
desk-log-setting-legal = юридические тексты
desk-log-setting-sites = сайты, которые могут встраивать форму подписки
desk-log-setting-welcome-issue = последний выпуск в приветственном письме
desk-log-setting-safety-mode = безопасный режим
desk-log-setting-neutral-subject = нейтральная тема
desk-log-setting-needs-approval = одобрение вторым человеком
desk-log-setting-logo = логотип
desk-log-setting-fields = вопросы
desk-log-setting-recipe = обычные разделы
desk-log-texts = тексты писем ({ $language }): { $texts }
desk-codes-left = { $count ->
    [one] Остался { $count } резервный код.
    [few] Осталось { $count } резервных кода.
   *[other] Осталось { $count } резервных кодов.
}
desk-token-days = { $days ->
    [one] через { $days } день
    [few] через { $days } дня
   *[other] через { $days } дней
}
desk-log-intact = { $events ->
    [one] Журнал такой, каким был записан: { $events } запись.
    [few] Журнал такой, каким был записан: { $events } записи.
   *[other] Журнал такой, каким был записан: { $events } записей.
}
desk-did-signed-in = вход
desk-did-sign-in-failed = неудачный вход
desk-did-signed-out = выход
desk-did-sent = выпуск отправлен
desk-did-scheduled = выпуск запланирован
desk-did-taken-back = выпуск снят с расписания
desk-did-sending-held = вся отправка приостановлена
desk-did-sending-released = отправка снова разрешена
desk-did-approved = выпуск одобрен
desk-did-test-copies = отправлены пробные копии выпуска
desk-did-sent-again = выпуск отправлен повторно тем, кому не дошёл
desk-did-paused = отправка приостановлена
desk-did-resumed = отправка продолжена
desk-did-cancelled = отправка отменена
desk-did-corrected = выпуск исправлен
desk-did-newsletter-edited = рассылка изменена
desk-did-exported = данные выгружены
desk-did-reader-erased = данные читателя удалены
desk-did-reader-unsubscribed = подписка читателя прекращена
desk-did-imported = читатели импортированы
desk-did-import-undone = импорт отменён
desk-did-editor-added = учётная запись добавлена
desk-did-editor-removed = учётная запись удалена
desk-did-invited = отправлено приглашение
desk-did-role-given = роль выдана
desk-did-role-taken = роль отозвана
desk-did-token-made = токен создан
desk-did-token-revoked = токен отозван
desk-did-password-changed = пароль задан
desk-did-totp-on = коды включены
desk-did-totp-off = коды отключены
desk-did-recovery-codes-made = созданы резервные коды
desk-did-recovery-code-used = использован резервный код
desk-did-mail-retried = письмо отправлено повторно
desk-did-throttle-reset = снято замедление отправки
desk-did-addresses-suppressed = адреса заблокированы
desk-did-suppression-removed = блокировка адреса снята
desk-did-relay-paused = почтовый сервис приостановлен
desk-did-relay-resumed = почтовый сервис снова работает
desk-did-newsletter-added = рассылка добавлена
desk-did-page-hidden = страница выпуска убрана с сайта
desk-did-page-shown = страница выпуска возвращена на сайт
