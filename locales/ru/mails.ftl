### Письма.

mail-hello = Здравствуйте!
mail-sender = Это письмо вам отправили:

confirmation-subject = Подтвердите подписку на рассылку «{ $newsletter }»
confirmation-preheader = Одно нажатие, и подписка оформлена.
confirmation-title = Остался один шаг
confirmation-what = Кто-то, скорее всего вы, попросил присылать на этот адрес рассылку «{ $newsletter }» (отправитель: { $sender }). Если вы этого хотите, подтвердите подписку:
confirmation-button = Да, подписаться
confirmation-link = Кнопка не работает? Скопируйте этот адрес в браузер:
confirmation-valid = Ссылка действует { $duration }.
confirmation-ignore = Это были не вы? Ничего делать не нужно: без подтверждения мы ничего не пришлём, а ваш адрес будет удалён. Чтобы такие запросы больше не приходили, откройте ссылку и выберите «Это не я».

already-subscribed-subject = Вы уже получаете рассылку «{ $newsletter }»
already-subscribed-preheader = Подтверждать ничего не нужно: подписка действует.
already-subscribed-title = Вы уже с нами
already-subscribed-what = Только что ваш адрес попросили подписать на рассылку «{ $newsletter }». Он уже подписан: ничего не меняется, и подтверждать ничего не нужно.
already-subscribed-how = Выбрать страны или язык можно на странице настроек:
already-subscribed-button = Открыть настройки
already-subscribed-leave = Больше не хотите получать эту рассылку?

welcome-subject = Добро пожаловать в число читателей рассылки «{ $newsletter }»
welcome-preheader = Ваша подписка подтверждена.
welcome-title = Добро пожаловать!
welcome-what = Ваша подписка на рассылку «{ $newsletter }» подтверждена. Спасибо за доверие: следующий выпуск придёт на этот адрес.
welcome-archive = А пока можно прочитать вышедшие номера на сайте:
welcome-archive-button = Читать вышедшие номера
welcome-choices = Страны и язык можно в любой момент изменить в настройках.
welcome-leave = А если вы передумаете, достаточно одного нажатия.

footer-preferences = Мои настройки
footer-unsubscribe = Отписаться
footer-web = Читать на сайте
footer-why = Вы получаете это письмо, потому что этот адрес подписан на рассылку «{ $newsletter }».
footer-reply = Есть замечание или вопрос? Просто ответьте на это письмо.
