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
confirmation-preheader = Один клик, и подписка оформлена.
confirmation-title = Остался один клик
confirmation-what = Кто-то, скорее всего вы, хочет получать на этот адрес рассылку «{ $newsletter }» (отправитель: { $sender }). Если это вы, подтвердите подписку:
confirmation-what-several = Кто-то, скорее всего вы, хочет получать на этот адрес следующие рассылки (отправитель: { $sender }):
confirmation-please-several = Если это вы, подтвердите подписку на все в один клик:
confirmation-button = Да, подписаться
confirmation-link = Кнопка не работает? Скопируйте этот адрес в браузер:
confirmation-valid = Ссылка действует { $duration }.
confirmation-ignore = Это были не вы? Ничего делать не нужно: без подтверждения мы ничего не пришлём, а ваш адрес удалим. Чтобы такие письма больше не приходили, откройте ссылку и выберите «Это не я».

already-subscribed-subject = Вы уже подписаны на рассылку «{ $newsletter }»
already-subscribed-preheader = Подтверждать ничего не нужно: подписка действует.
already-subscribed-title = Вы уже подписаны
already-subscribed-what = Кто-то только что снова указал ваш адрес для подписки на рассылку «{ $newsletter }». Он уже в списке: ничего не меняется, и подтверждать ничего не нужно.
already-subscribed-how = Изменить свой выбор можно на странице настроек:
already-subscribed-button = Открыть настройки
already-subscribed-leave = Больше не хотите получать эту рассылку?

welcome-subject = Добро пожаловать! Вы подписаны на рассылку «{ $newsletter }»
welcome-subject-several = Добро пожаловать! Вы подписаны на «{ $newsletter }» и ещё { $others ->
    [one] { $others } рассылку
    [few] { $others } рассылки
   *[other] { $others } рассылок
 }
welcome-preheader = Ваша подписка подтверждена.
welcome-title = Добро пожаловать!
welcome-what = Ваша подписка на рассылку «{ $newsletter }» подтверждена. Спасибо за доверие! Следующий выпуск придёт на этот адрес.
welcome-what-several = Ваша подписка на эти рассылки подтверждена. Спасибо за доверие! Следующие выпуски придут на этот адрес.
welcome-archive = А пока последний выпуск можно прочитать на сайте:
welcome-archive-button = Читать последний выпуск
welcome-choices = Страны, частоту и язык можно в любой момент изменить в настройках.
welcome-choices-several = Рассылки, страны, частоту и язык можно в любой момент изменить в настройках. Там же можно отписаться от одной рассылки или от всех.
welcome-leave = А если вы передумаете, отписаться можно в один клик.
welcome-latest = Последний выпуск

footer-preferences = Мои настройки
footer-unsubscribe = Отписаться
footer-web = Читать на сайте
footer-why = Вы получаете это письмо, потому что этот адрес подписан на рассылку «{ $newsletter }».
footer-reply = Есть вопрос или замечание? Просто ответьте на это письмо.

# Тема выпусков в безопасном режиме; она ничего не выдаёт.
safety-subject = Новости недели
