### Страницы.

page-skip = Перейти к содержанию
page-languages = Языки
page-archive = Прошлые выпуски
page-subscribe = Подписаться
page-menu = Меню

subscribe-title = Подписаться на рассылку «{ $newsletter }»
subscribe-lead = Казахстан, Кыргызстан, Узбекистан, Таджикистан, Туркменистан: главное о Центральной Азии — в вашей почте.
subscribe-written-in = Язык этой рассылки:
subscribe-problem = Заполнено не всё: посмотрите подсказки ниже.
subscribe-email = Адрес электронной почты
subscribe-letters = Рассылки
subscribe-others = Все наши рассылки
subscribe-more = Настроить под себя (необязательно)
subscribe-countries = Страны, за которыми вы следите
subscribe-countries-hint = Статьи о них будут первыми. Ничего не отмечайте, если вам одинаково интересны все страны.
field-optional = (необязательно)
field-choose = Выберите…
fields-asked = Ещё один шаг: к отмеченным рассылкам есть несколько вопросов. Ответьте ниже и нажмите кнопку ещё раз. Пока ничего не сохранено.
subscribe-website = Оставьте это поле пустым
subscribe-button = Подписаться
subscribe-next = Сначала придёт письмо для подтверждения адреса.
subscribe-privacy-title = Что мы храним
subscribe-privacy = Ваш адрес, язык, ваш выбор, подтверждение вашего согласия и то, что мы вам отправили. Никакого отслеживания, адрес никому не передаётся. Свой выбор можно изменить в любой момент.
subscribe-privacy-answers = Ваш адрес, язык, ваш выбор, ваши ответы выше, подтверждение вашего согласия и то, что мы вам отправили. Никакого отслеживания, адрес никому не передаётся. Свой выбор можно изменить в любой момент.

accepted-title = Проверьте почту
accepted-what = Мы отправили письмо на { $email }. Обычно оно приходит за несколько минут.
accepted-next = Перейдите по ссылке в письме, чтобы подтвердить подписку.
accepted-mailbox = Открыть почтовый ящик демо
accepted-nothing = Письма нет? Загляните в папку «Спам» и проверьте адрес.
accepted-limits = На один адрес мы отправляем не больше { $short ->
        [one] { $short } письма
       *[other] { $short } писем
    } за 15 минут и { $day } в день. Если попросить ещё одно раньше, оно уйдёт, когда пройдут 15 минут.
accepted-subject = Тема
accepted-change = Изменить адрес
accepted-resend = Отправить письмо ещё раз

confirm-title = Подтвердите подписку
confirm-what = Вы подписываетесь на рассылку «{ $newsletter }».
confirm-what-several = Вы подписываетесь на эти рассылки:
confirm-button = Да, подписаться
confirm-ignore = Это были не вы? Без вашего подтверждения ничего не произойдёт, и запрос будет удалён. Можно удалить его и сейчас.
confirm-not-me = Это не я

confirmed-title = Готово, добро пожаловать!
confirmed-what = Ваша подписка на рассылку «{ $newsletter }» подтверждена. Следующий выпуск придёт на вашу почту.
confirmed-what-several = Ваша подписка на эти рассылки подтверждена. Следующие выпуски придут на вашу почту.
confirmed-latest = А пока прочитайте последний выпуск:
confirmed-preferences = Выбрать страны, частоту и язык

not-me-title = Запрос удалён
not-me-what = Об этом запросе мы ничего не храним.
not-me-silence = В ближайшие месяцы мы не отправим на ваш адрес новых запросов о подтверждении, даже если кто-то снова его укажет.
not-me-why = Вероятно, кто-то опечатался или указал ваш адрес без вашего ведома. Извините за беспокойство.

superseded-title = Есть более новое письмо
superseded-what = После этого мы отправили ещё одно письмо с новой ссылкой. Перейдите по ссылке из самого последнего.
superseded-why = Подписку подтверждает только последняя ссылка: так никто не заставит вас подтвердить то, о чём вы не просили.

link-invalid-title = Эта ссылка больше не действует
link-invalid-expired = В целях безопасности ссылка для подтверждения действует ограниченное время. Срок действия этой ссылки истёк.
link-invalid-gone = Эта ссылка больше никуда не ведёт: подписка прекращена либо запрос удалён или заменён более поздним.
link-invalid-forged = Эта ссылка неполная или не наша. Возможно, её обрезала почтовая программа: попробуйте скопировать её целиком.
link-invalid-again = Подписаться снова
link-invalid-again-hint = Это займёт минуту, и мы пришлём вам новую ссылку.

unsubscribe-title = Отписаться
unsubscribe-what = Нажмите кнопку, и рассылка «{ $newsletter }» больше не будет приходить. Изменение вступит в силу сразу.
unsubscribe-button = Отписаться
unsubscribe-also = Вы также получаете:
unsubscribe-all = Отписаться от всех
unsubscribe-stay = Лучше изменить настройки

unsubscribed-title = До свидания и спасибо
unsubscribed-what = Вы отписались от рассылки «{ $newsletter }». Новые выпуски больше не будут приходить.
unsubscribed-what-all = Вы отписались от всех наших рассылок.
unsubscribed-still = Вы по-прежнему получаете:
unsubscribed-undo = Отменить и подписаться снова
unsubscribed-back = Это вышло случайно или вы уже скучаете?
unsubscribed-again = Подписаться снова

undone-title = Подписка восстановлена
undone-what = Вы снова получаете:

frequency = Как часто
frequency-each = Каждый выпуск
frequency-monthly = Один обзор в месяц
frequency-hint = Обзор объединяет статьи за месяц и приходит в начале следующего.
frequency-from = Ваш выбор действует со следующего выпуска.

preferences-title = Ваши настройки
preferences-what = «{ $newsletter }», адрес { $email }
preferences-saved = Сохранено.
preferences-letters = Ваши рассылки
preferences-letters-hint = Отметьте рассылки, которые вы согласны получать по электронной почте, и снимите отметку с остальных. От каждой можно отписаться в любой момент в один клик.
preferences-pause = Сделать паузу
preferences-pause-hint = Во время паузы вы ничего не получаете, а затем рассылки возобновляются сами.
preferences-pause-none = Без паузы
preferences-pause-keep = Ничего не менять
preferences-pause-weeks = { $weeks ->
    [one] { $weeks } неделя
    [few] { $weeks } недели
   *[other] { $weeks } недель
 }
preferences-pause-date = До даты
preferences-pause-day = Возобновить с
preferences-paused = Пауза. Рассылки возобновятся: { $date }
preferences-resume = Возобновить сейчас
preferences-language = Язык страниц и служебных писем
preferences-countries = Страны, за которыми вы следите
preferences-countries-hint = Статьи о них будут первыми, остальные — списком. Ничего не отмечайте, если вам одинаково интересны все страны.
preferences-button = Сохранить
preferences-leave = Больше не хотите получать эту рассылку?
preferences-unsubscribe = Отписаться

archive-title = Прошлые выпуски
archive-lead = Все выпуски рассылки «{ $newsletter }», начиная с последнего.
archive-empty = Пока не вышло ни одного выпуска. Первый скоро появится.
archive-feed = Лента Atom
archive-newer = Новее
archive-older = Старее
archive-subscribe-title = Следующий выпуск — на вашу почту
archive-subscribe-what = Бесплатно, и отписаться можно в один клик.
archive-all = Все выпуски
archive-neighbours = Другие выпуски
archive-issue-before = Предыдущий выпуск:
archive-issue-after = Следующий выпуск:
archive-share = Отправить ссылку по почте
archive-pages = Страницы списка
archive-home-lead = Все выпуски наших рассылок — читайте онлайн.
archive-latest = Последний выпуск:
archive-others = Другие наши рассылки
archive-corrected = В этот выпуск внесены исправления ({ $date }).

search-title = Поиск
search-label = Поиск по прошлым выпускам
search-button = Найти
search-nothing = Нет выпуска, в котором есть все эти слова. Попробуйте взять меньше слов или только начало одного.
search-everywhere = Искать во всех наших рассылках

error-home = Перейти на страницу подписки

demo-banner = Демо
demo-banner-what = Письма не покидают этот компьютер.
demo-banner-start = Начало
demo-banner-desk = Редакция
demo-desk = Редакция
demo-desk-what = Напишите выпуск, посмотрите его, отправьте и проследите за отправкой. Вы уже вошли; вас ждёт наполовину написанный выпуск.
demo-desk-button = Открыть редакцию
demo-as-reader = Как читатель
demo-banner-mailbox = Почтовый ящик
demo-title = Попробуйте Xabar за минуту
demo-lead = Три шага от формы подписки до выпуска в вашем ящике. Письма не покидают этот компьютер.
demo-sign-up = Подпишитесь
demo-sign-up-what = Введите любой адрес, даже вымышленный, и поставьте галочку.
demo-sign-up-button = Открыть форму подписки
demo-mailbox = Подтвердите подписку
demo-mailbox-what = Письмо с подтверждением лежит в почтовом ящике демо. Откройте его и нажмите кнопку в нём.
demo-send = Отправьте пробный выпуск
demo-send-what = Он придёт вам и двадцати условным подписчикам и появится в почтовом ящике. Потом попробуйте ссылки в конце письма: настройки и отписку.
demo-send-button = Отправить пробный выпуск
demo-then = Что ещё посмотреть
demo-archive = Архив с выпусками последних недель
demo-corrected = Выпуск, исправленный после отправки
demo-fields = Форма с собственными вопросами и логотипом
demo-api = API

mailbox-title = Почтовый ящик демо
mailbox-lead = Письма, отправленные этой демоверсией. Ни одно не покинуло этот компьютер.
mailbox-sent = Пробный выпуск отправляется { $readers ->
    [one] { $readers } читателю.
    [few] { $readers } читателям.
   *[other] { $readers } читателям.
} Если вы подтвердили подписку, ваш экземпляр скоро появится здесь.
mailbox-count = { $count ->
    [one] { $count } письмо
    [few] { $count } письма
   *[other] { $count } писем
}
mailbox-live = Новые появляются сами.
mailbox-reload = Обновить
mailbox-others = { $count ->
    [one] Скрыто { $count } письмо условным подписчикам.
    [few] Скрыто { $count } письма условным подписчикам.
   *[other] Скрыто { $count } писем условным подписчикам.
}
mailbox-all = Показать все
mailbox-mine = Скрыть письма условным подписчикам
mailbox-empty = Пока пусто. Подпишитесь, и письмо с подтверждением придёт сюда.
mailbox-from = От
mailbox-to = Кому
mailbox-received = Получено
mailbox-html = Оформление
mailbox-text = Текст
mailbox-headers = Заголовки
mailbox-views = Виды
mailbox-frame = Содержание письма
mailbox-back = Все письма

## Страница, которая читает журнал согласий.

ledger-title = Цел ли журнал согласий?
ledger-lead = Каждое действие читателя — событие в цепочке хешей с ключом. Эта страница читает её целиком и говорит, не было ли что-то изменено, добавлено или удалено. Она для владельцев этого сервиса.
ledger-token = Токен владельца
ledger-noted = Записанный конец, если он есть
ledger-noted-hint = Например, { $example }: он должен по-прежнему быть в цепочке.
ledger-button = Прочитать журнал
ledger-token-wrong = Это не токен владельца.
ledger-noted-wrong = Это должно выглядеть так: { $example }.
ledger-intact = Журнал цел
ledger-intact-what = Каждое событие осталось таким, каким было записано.
ledger-broken = Журнал был изменён
ledger-broken-what = Кто-то или что-то его изменило. Сохраните эту страницу и копию базы данных и выясните, кто или что имело к ней доступ.
ledger-events = Сохранённые события
ledger-removed = События, удалённые в свой срок
ledger-since = В цепочке с
ledger-end = Конец, который стоит записать
ledger-event = Событие { $number }
ledger-whole = Всё целиком
break-no-end = У цепочки больше нет конца.
break-end-moved = Конец цепочки был перенесён.
break-cut-off = Цепочка заканчивается не так, как прежде: событий не хватает.
break-noted-missing = Записанного конца больше нет в цепочке.
break-stray = Событие добавлено в обход цепочки.
break-wording = Текст был изменён.
break-order = Событие не следует за предыдущим: что-то добавлено, удалено или перенесено.
break-changed = Событие было изменено.
break-taken-out = Событие было удалено.
break-false-removal = Событие было удалено, и не этим сервисом.
break-back = Событие было удалено и вернулось.
