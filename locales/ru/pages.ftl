### Страницы.

page-skip = Перейти к содержанию
page-languages = Языки
page-archive = Вышедшие номера
page-subscribe = Подписаться
page-menu = Меню

subscribe-title = Получать рассылку «{ $newsletter }»
subscribe-lead = Казахстан, Кыргызстан, Узбекистан, Таджикистан, Туркменистан: главное о Центральной Азии — в вашей почте.
subscribe-written-in = Язык этой рассылки:
subscribe-problem = Форма заполнена не до конца: посмотрите замечания ниже.
subscribe-email = Адрес электронной почты
subscribe-email-hint = Он нужен только для того, чтобы присылать вам рассылку.
subscribe-letters = Рассылки
subscribe-letters-hint = Отметьте сколько угодно: все они подтверждаются одним письмом.
subscribe-countries = Страны, за которыми вы следите
subscribe-countries-hint = Статьи о них будут первыми. Ничего не отмечайте, чтобы получать всё одинаково.
field-optional = (необязательно)
field-choose = Выберите…
subscribe-website = Оставьте это поле пустым
subscribe-button = Подписаться
subscribe-next = Сначала придёт письмо, чтобы вы подтвердили свой адрес.
subscribe-privacy-title = Что мы храним
subscribe-privacy = Ваш адрес, язык, ваш выбор и подтверждение вашего согласия. Больше ничего: никакой слежки, адреса никому не передаются. Свой выбор можно изменить в любой момент.
subscribe-privacy-answers = Ваш адрес, язык, ваш выбор, ваши ответы выше и подтверждение вашего согласия. Больше ничего: никакой слежки, адреса никому не передаются. Свой выбор можно изменить в любой момент.

accepted-title = Проверьте почту
accepted-what = Если адрес { $email } может получать рассылку, в течение нескольких минут туда придёт письмо.
accepted-next = Откройте его и перейдите по ссылке — и подписка будет оформлена.
accepted-nothing = Ничего не пришло? Загляните в папку «Спам» и проверьте адрес.
accepted-again = Попробовать ещё раз

confirm-title = Подтвердите подписку
confirm-what = Вы собираетесь подписаться на рассылку «{ $newsletter }».
confirm-what-several = Вы собираетесь подписаться на эти рассылки:
confirm-button = Да, подписаться
confirm-ignore = Это были не вы? Без вашего согласия ничего не произойдёт, и запрос будет удалён. Можно удалить его и сейчас: тогда на этот адрес больше не придут запросы о подтверждении.
confirm-not-me = Это не я

confirmed-title = Готово, добро пожаловать!
confirmed-what = Ваша подписка на рассылку «{ $newsletter }» подтверждена. Следующее письмо придёт на вашу почту.
confirmed-what-several = Ваша подписка на эти рассылки подтверждена. Следующие письма придут в ваш почтовый ящик.
confirmed-archive = А пока прочитать вышедшие номера
confirmed-preferences = Выбрать страны, частоту и язык

not-me-title = Запрос удалён
not-me-what = Мы ничего не храним об этом запросе, и в течение нескольких месяцев никто не сможет отправить через нас ещё один запрос о подтверждении на ваш адрес.
not-me-why = Вероятно, кто-то опечатался или указал ваш адрес без вашего ведома. Извините за беспокойство.

link-invalid-title = Эта ссылка больше не работает
link-invalid-expired = Ради вашей безопасности ссылка для подтверждения действует ограниченное время. Срок этой ссылки истёк.
link-invalid-forged = Эта ссылка неполная или не наша. Возможно, её обрезала почтовая программа: попробуйте скопировать её целиком.
link-invalid-again = Подписаться снова
link-invalid-again-hint = Подписаться снова — дело одной минуты, и мы пришлём вам новую ссылку.

unsubscribe-title = Отписаться
unsubscribe-what = Нажмите кнопку, и рассылка «{ $newsletter }» больше не будет приходить. Это подействует сразу.
unsubscribe-button = Отписаться
unsubscribe-stay = Лучше изменить настройки

unsubscribed-title = До свидания и спасибо
unsubscribed-what = Вы отписались от рассылки «{ $newsletter }». Мы больше не будем вам писать.
unsubscribed-back = Это вышло случайно или вы уже скучаете?
unsubscribed-again = Подписаться снова

frequency = Как часто
frequency-each = Каждый выпуск
frequency-monthly = Один обзор в месяц
frequency-hint = Обзор собирает статьи за месяц и приходит в начале следующего.
frequency-from = Ваш выбор действует со следующего выпуска.

preferences-title = Ваши настройки
preferences-what = Рассылка «{ $newsletter }», адрес { $email }
preferences-saved = Сохранено.
preferences-letters = Ваши рассылки
preferences-letters-hint = Отметьте рассылки, которые вы согласны получать по электронной почте, и снимите отметку с остальных. От каждой можно отказаться в любой момент одним нажатием.
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
preferences-paused = Пауза. Рассылки возобновятся: { $date }.
preferences-resume = Возобновить сейчас
preferences-language = Язык страниц и служебных писем
preferences-countries = Страны, за которыми вы следите
preferences-countries-hint = Статьи о них будут первыми, остальные — списком. Ничего не отмечайте, чтобы получать всё одинаково.
preferences-button = Сохранить
preferences-leave = Больше не хотите получать эту рассылку?
preferences-unsubscribe = Отписаться

archive-title = Вышедшие номера
archive-lead = Все выпуски рассылки «{ $newsletter }», начиная с последнего.
archive-empty = Пока не вышло ни одного номера. Первый скоро появится.
archive-feed = Лента Atom
archive-newer = Новее
archive-older = Старее
archive-subscribe-title = Следующий выпуск — на вашу почту
archive-subscribe-what = Бесплатно, и отписаться можно одним нажатием.
archive-all = Все выпуски
archive-pages = Страницы списка
archive-home-lead = Все выпуски наших рассылок — читайте онлайн.
archive-others = Другие наши рассылки
archive-corrected = Этот выпуск был исправлен ({ $date }).

search-title = Поиск
search-label = Поиск по вышедшим выпускам
search-button = Найти
search-nothing = Нет выпуска, в котором есть все эти слова. Попробуйте взять меньше слов или только начало одного.
search-everywhere = Искать во всех наших рассылках

error-home = Перейти на страницу подписки

mailbox-title = Почтовый ящик демонстрации
mailbox-lead = Все письма, отправленные этой демонстрацией. Ни одно не покинуло этот компьютер.
mailbox-empty = Пока пусто. Подпишитесь и обновите эту страницу.
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
ledger-lead = Каждое действие читателя — событие в цепочке хешей с ключом. Эта страница читает её целиком и говорит, не было ли что-то изменено, добавлено или удалено. Она для владельцев этой службы.
ledger-token = Токен владельца
ledger-noted = Записанный конец, если он есть
ledger-noted-hint = Например, { $example }: он должен по-прежнему быть в цепочке.
ledger-button = Прочитать журнал
ledger-token-wrong = Это не токен владельца.
ledger-noted-wrong = Это должно выглядеть как { $example }.
ledger-intact = Журнал цел
ledger-intact-what = Каждое событие таково, каким было записано.
ledger-broken = Журнал уже не таков, каким был записан
ledger-broken-what = Кто-то или что-то его изменило. Сохраните эту страницу и копию базы данных и выясните, кто имел к ней доступ.
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
break-false-removal = Событие было удалено, и не этой службой.
break-back = Событие было удалено и вернулось.
