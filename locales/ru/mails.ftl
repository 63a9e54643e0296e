### Письма.

mail-hello = Здравствуйте!
mail-hello-name = Здравствуйте, { $name }!
mail-sender = Это письмо вам отправили:

confirmation-subject = Подтвердите подписку на рассылку «{ $newsletter }»
confirmation-subject-several = Подтвердите подписку на «{ $newsletter }» и ещё { $others ->
    [one] { $others } рассылку
    [few] { $others } рассылки
   *[other] { $others } рассылок
 }
confirmation-preheader = Одно нажатие, и подписка оформлена.
confirmation-title = Остался один шаг
confirmation-what = Кто-то, скорее всего вы, попросил присылать на этот адрес рассылку «{ $newsletter }» (отправитель: { $sender }). Если вы этого хотите, подтвердите подписку:
confirmation-what-several = Кто-то — скорее всего, вы — попросил присылать на этот адрес следующие рассылки (отправитель: { $sender }):
confirmation-please-several = Если вы этого действительно хотите, подтвердите их все одним нажатием:
confirmation-button = Да, подписаться
confirmation-link = Кнопка не работает? Скопируйте этот адрес в браузер:
confirmation-valid = Ссылка действует { $duration }.
confirmation-ignore = Это были не вы? Ничего делать не нужно: без подтверждения мы ничего не пришлём, а ваш адрес будет удалён. Чтобы такие запросы больше не приходили, откройте ссылку и выберите «Это не я».

already-subscribed-subject = Вы уже получаете рассылку «{ $newsletter }»
already-subscribed-preheader = Подтверждать ничего не нужно: подписка действует.
already-subscribed-title = Вы уже с нами
already-subscribed-what = Только что ваш адрес попросили подписать на рассылку «{ $newsletter }». Он уже подписан: ничего не меняется, и подтверждать ничего не нужно.
already-subscribed-how = Изменить свой выбор можно на странице настроек:
already-subscribed-button = Открыть настройки
already-subscribed-leave = Больше не хотите получать эту рассылку?

welcome-subject = Добро пожаловать в число читателей рассылки «{ $newsletter }»
welcome-subject-several = Добро пожаловать в «{ $newsletter }» и ещё { $others ->
    [one] { $others } рассылку
    [few] { $others } рассылки
   *[other] { $others } рассылок
 }
welcome-preheader = Ваша подписка подтверждена.
welcome-title = Добро пожаловать!
welcome-what = Ваша подписка на рассылку «{ $newsletter }» подтверждена. Спасибо за доверие: следующее письмо придёт на этот адрес.
welcome-what-several = Ваша подписка на эти рассылки подтверждена. Спасибо за доверие: следующие письма придут в этот ящик. А пока прошлые выпуски можно прочитать на сайте.
welcome-archive = А пока можно прочитать прошлые выпуски на сайте:
welcome-archive-button = Читать прошлые выпуски
welcome-choices = Страны, частоту и язык можно в любой момент изменить в настройках.
welcome-choices-several = Рассылки, страны, частоту и язык можно в любой момент изменить на странице настроек. Там же можно отказаться от одной рассылки или от всех.
welcome-leave = А если вы передумаете, достаточно одного нажатия.
welcome-latest = Последний выпуск

footer-preferences = Мои настройки
footer-unsubscribe = Отписаться
footer-web = Читать на сайте
footer-why = Вы получаете это письмо, потому что этот адрес подписан на рассылку «{ $newsletter }».
footer-reply = Есть замечание или вопрос? Просто ответьте на это письмо.
