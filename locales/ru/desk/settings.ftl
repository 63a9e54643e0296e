# Настройки рассылки.

# pages
desk-set-pages = Страницы настроек
desk-set-choose = Выберите рассылку.
desk-set-look-only = Только просмотр
desk-set-basics = Основное
desk-set-basics-lead = Как называется рассылка, кто её отправляет и где лежат её юридические тексты.
desk-set-look = Оформление
desk-set-look-lead = Цвет и логотип писем и страниц. Предпросмотр меняется сразу, читатели увидят изменения после сохранения.
desk-set-recipe = Обычные разделы
desk-set-recipe-lead = Разделы, с которых начинается новый выпуск, и их порядок. Уже начатые выпуски не меняются.
desk-set-fields = Вопросы
desk-set-fields-lead = О чём форма подписки спрашивает кроме адреса. Каждый вопрос отпугивает часть подписчиков: спрашивайте только нужное.
desk-set-texts = Тексты писем
desk-set-texts-lead = Что говорят письма о подписке. Любой текст можно переписать и в любой момент вернуть исходный.
desk-set-signup = Подписка и архив
desk-set-signup-lead = Кто может найти рассылку, где на неё подписаться и что получают новые читатели.

# what every page says
desk-set-save = Сохранить
desk-set-saved = Сохранено.
desk-set-zone-changed = Запланированные выпуски уйдут в тот же момент, что и раньше, а на этих часах это другое время. Перенесите их, если задумано иначе:
desk-set-language-changed = Заголовки и подписи в черновиках, письмах и на страницах этой рассылки теперь на этом языке. То, что написали вы сами, остаётся как есть.
desk-set-unsaved = Ещё не сохранено. Нажмите «Сохранить», когда всё будет готово.
desk-set-conflict = Не сохранено: кто-то изменил настройки этой рассылки после того, как вы открыли страницу. Всё, что вы ввели, осталось здесь. Посмотрите, что там сейчас, и решите.
desk-set-conflict-own = Не сохранено: вы сами изменили настройки этой рассылки ({ $time }) в другом окне. Всё, что вы ввели, осталось здесь. Посмотрите, что там сейчас, и решите.
desk-set-conflict-by = Не сохранено: настройки этой рассылки изменил другой человек ({ $name }; { $time }) после того, как вы открыли страницу. Всё, что вы ввели, осталось здесь. Посмотрите, что там сейчас, и решите.
desk-set-overwrite = Всё равно сохранить моё
desk-set-see-theirs = Посмотреть, что там сейчас (новая вкладка)
desk-set-read-only-owner = Вы можете просматривать эти настройки. Менять их могут только владельцы рассылки: они решают, от чьего имени она выходит.
desk-set-read-only-editor = Вы можете просматривать обычные разделы. Менять их могут только те, кто пишет выпуски.
desk-set-preview = Предпросмотр
desk-set-preview-now = Показать предпросмотр
desk-set-preview-none = Предпросмотра пока нет

# basics
desk-set-group-newsletter = Рассылка
desk-set-title = Название
desk-set-description = Описание
desk-set-description-hint = Одно предложение на странице подписки: что получают читатели и как часто.
desk-set-language = Язык
desk-set-language-hint = На котором пишутся выпуски.
desk-set-time-zone = Часовой пояс
desk-set-time-zone-hint = По которому считается «понедельник, 8 утра», например Asia/Almaty.
desk-set-group-sender = Отправитель
desk-set-sender-name = Имя отправителя
desk-set-sender-address = Адрес отправителя
desk-set-sender-address-hint = Его домен должен разрешать отправку с этого сервера.
desk-set-reply-to = Куда приходят ответы
desk-set-reply-to-hint = Ящик, который кто-то читает.
desk-set-postal-address = Почтовый адрес
desk-set-postal-address-hint = Этого требует закон: он стоит внизу каждого письма.
desk-set-group-legal = Юридические тексты
desk-set-legal-hint = Адреса страниц. Если для языка их нет, читатели видят адреса на языке рассылки.
desk-set-imprint = Выходные данные
desk-set-privacy = Политика конфиденциальности

# what does not fit
desk-set-wrong-title = Не сохранено: напишите название в одну строку, не длиннее 250 знаков.
desk-set-wrong-description = Не сохранено: описание должно быть одной строкой не длиннее 250 знаков.
desk-set-wrong-sender-name = Не сохранено: отправителю нужно имя в одну строку.
desk-set-wrong-sender-address = Не сохранено: адрес отправителя не похож на адрес почты или содержит до знака @ буквы, которые многие серверы не принимают.
desk-set-wrong-reply-to = Не сохранено: адрес для ответов не похож на адрес почты или содержит до знака @ буквы, которые многие серверы не принимают.
desk-set-wrong-postal-address = Не сохранено: почтовый адрес не длиннее 1000 знаков.
desk-set-wrong-time-zone = Не сохранено: такого часового пояса нет. Пишите, например, Europe/Paris или Asia/Almaty.
desk-set-wrong-accent = Это не цвет. Напишите # и шесть знаков от 0 до 9 и от a до f, например #0b5c68, или выберите цвет в палитре.
desk-set-wrong-legal = Не сохранено: для юридического текста нужен полный адрес страницы, который начинается с https.
desk-set-wrong-sites = Не сохранено: одна из строк не похожа на адрес сайта. Пишите по одному адресу на строке, например https://magazine.example.org, и ничего после него.
desk-set-wrong-parts = Не сохранено: разделов может быть не больше 50.
desk-set-wrong-logo-kind = Не сохранено: это не PNG, JPEG или GIF. Другие картинки почтовые программы как логотип не показывают.
desk-set-wrong-logo-long = Не сохранено: логотип должен быть не больше 100 КБ, ведь он приходит с каждой страницей и письмом. Уменьшите его.
desk-set-wrong-logo-large = Не сохранено: логотип может быть не больше 2000 пикселей в ширину и высоту.
desk-set-wrong-logo-damaged = Не сохранено: картинка повреждена. Сохраните её заново или выберите другую.

# look
desk-set-accent = Цвет
desk-set-accent-code = Цвет ссылок и кнопок
desk-set-accent-hint = Знак # и шесть знаков от 0 до 9 и от a до f, например #0b5c68. Цвет должен быть достаточно тёмным, чтобы его можно было читать.
desk-set-accent-picker = Выбрать цвет
desk-set-accent-shipped = Вернуть исходный цвет
desk-set-contrast-high = Контраст { $contrast }: читается очень легко. В тёмном режиме его заменяет более светлый тон.
desk-set-contrast-enough = Контраст { $contrast }: читается достаточно легко (нужно 4,5). В тёмном режиме его заменяет более светлый тон.
desk-set-contrast-low = Слишком светлый: контраст { $contrast }, а нужно 4,5. Ближайший читаемый тон { $darker }, его и показывает предпросмотр.
desk-set-logo = Логотип
desk-set-logo-now = Нынешний логотип
desk-set-logo-none = Логотипа нет; в письмах только название.
desk-set-logo-file = Другой логотип
desk-set-logo-hint = PNG, JPEG или GIF, не больше 100 КБ. Показывается высотой 48 пикселей.
desk-set-logo-remove = Убрать логотип
desk-set-preview-mail = Письмо
desk-set-preview-page = Страница подписки

# recipe
desk-set-recipe-heading = заголовок; пусто, если обычный
desk-set-recipe-empty = Разделов нет: новый выпуск начинается с чистого листа.
desk-set-recipe-shipped = Вернуть исходные разделы

# questions
desk-set-kind-text = Строка текста
desk-set-kind-choice = Один ответ из нескольких
desk-set-kind-yes-no = Флажок
desk-set-kind-number = Число
desk-set-kind-date = Дата
desk-set-fields-new = Новый вопрос
desk-set-fields-add = Добавить вопрос
desk-set-fields-empty = Спрашивается только адрес.
desk-set-fields-key = в выгрузках называется { $key }
desk-set-fields-label = Вопрос
desk-set-fields-other-languages = На других языках
desk-set-fields-required = Ответ обязателен
desk-set-fields-greets = Письма обращаются по этому ответу (например, по имени)
desk-set-fields-choices = Варианты ответа
desk-set-fields-choice = Ответ { $number }
desk-set-fields-add-choice = Добавить ответ
desk-set-fields-remove-choice = Убрать ответ { $number }
desk-set-fields-up = Переместить вопрос вверх
desk-set-fields-down = Переместить вопрос вниз
desk-set-fields-remove = Убрать вопрос
desk-set-fields-preview = Форма, какой её видят читатели
desk-set-fields-gone = Если убрать вопрос и сохранить, его больше никому не зададут. Уже данные ответы хранятся, пока читатель не заполнит форму заново, и показываются ему, если он запросит свои данные. Тот же вопрос, добавленный позже, будет новым.
desk-set-fields-no-label = У вопроса { $number } нет текста на языке рассылки.
desk-set-fields-long-label = Вопрос { $number } слишком длинный: не больше 150 знаков, как и ответы.
desk-set-fields-no-choice-label = У вопроса { $number } есть ответ без текста на языке рассылки.
desk-set-fields-few-choices = Вопросу { $number } нужно хотя бы два варианта ответа.
desk-set-fields-too-many = Вопросов может быть не больше 12: длиннее формы никто не заполняет.
desk-set-fields-two-greetings = Письма обращаются по одному ответу: отметьте это только у одного вопроса.
desk-set-fields-other = Что-то в этих вопросах не так. Проверьте их тексты ещё раз.

# wording
desk-set-texts-mail = Письмо
desk-set-texts-hint = То, что в фигурных скобках, подставляется для каждого читателя, не меняйте это. Пустой текст возвращается к исходному.
desk-set-mail-confirmation = Подтверждение подписки
desk-set-mail-already-subscribed = Уже подписаны
desk-set-mail-welcome = Добро пожаловать
desk-set-mail-greeting = Приветствие во всех письмах
desk-set-text-subject = Тема
desk-set-text-preheader = Текст предпросмотра
desk-set-text-title = Заголовок
desk-set-text-button = Кнопка
desk-set-text-archive-button = Кнопка к последнему выпуску
desk-set-text-archive = Перед кнопкой к последнему выпуску
desk-set-text-hello = Приветствие
desk-set-text-hello-name = Приветствие по имени
desk-set-text-what = Первый абзац
desk-set-text-link = Если кнопка не работает
desk-set-text-valid = Сколько работает ссылка
desk-set-text-ignore = Для тех, кто не подписывался
desk-set-text-leave = Об отписке
desk-set-text-latest = Заголовок последнего выпуска
desk-set-text-more = Другой текст
desk-set-text-several = если выбрано несколько рассылок
desk-set-text-shipped = Исходный текст:
desk-set-text-reset = Вернуть исходный текст
desk-set-text-not-editable = Этот текст изменить нельзя.
desk-set-text-empty = Текст не может быть пустым. Исходный вернёт его кнопка.
desk-set-text-too-long = Здесь может быть не больше { $most } знаков.
desk-set-text-one-line = Текст должен быть одной строкой, без переносов.
desk-set-text-unreadable = Фигурные скобки расставлены неверно. Скопируйте их содержимое из исходного текста.
desk-set-text-unknown-value = { $name } в этом тексте ничего не значит. Уберите это.
desk-set-text-missing-value = В этом тексте должно быть { $name }, как в исходном: это нужно читателям.
desk-set-text-link-refused = Уберите веб-адрес из этого текста: в письме с подтверждением не должно быть других ссылок, кроме той, что подтверждает подписку.

# sign-up and archive
desk-set-visibility = Кто может найти рассылку
desk-set-visibility-public = Все
desk-set-visibility-public-hint = Выпуски видны в архиве, поиске, ленте и поисковых системах.
desk-set-visibility-private = Только те, кому о ней сказали
desk-set-visibility-private-hint = Её нет ни в одном списке, а выпуски открываются только по ссылкам из писем. Поисковики могут помнить то, что раньше было открыто.
desk-set-welcome = Новые читатели
desk-set-welcome-issue = Приветственное письмо приносит последний выпуск
desk-set-welcome-issue-hint = Тогда подписавшиеся во вторник не ждут понедельника.
desk-set-sites = Другие сайты
desk-set-sites-label = Сайты, которые могут встраивать форму подписки
desk-set-sites-hint = По одному на строке, например https://magazine.example.org, и ничего после него. Одна звёздочка * означает любой сайт.
desk-set-snippet = Что вставить на другой сайт
desk-set-snippet-lead = Тот, кто ведёт другой сайт, копирует одно из этого на его страницу.
desk-set-snippet-language = Язык формы
desk-set-snippet-link = Ссылка на страницу подписки
desk-set-snippet-form = Форма
desk-set-snippet-form-hint = Работает на любом сайте, выглядит как он и не требует скриптов.
desk-set-snippet-frame = Фрейм
desk-set-snippet-frame-hint = Показывает нашу форму в цвете рассылки на сайтах, названных выше.
desk-set-snippet-no-frame = Назовите сайт выше и сохраните; тогда здесь можно будет скопировать фрейм.
desk-set-copy = Скопировать
desk-set-copied = Скопировано
desk-set-summary = Обзор за месяц
desk-set-summary-words = Читатели, выбравшие одно письмо в месяц, получают обзор за месяц, составленный из его выпусков. Он готовится сам в конце месяца, ждёт проверки на главной странице и уходит { $day } числа следующего месяца в { $hour } ({ $zone }). Здесь ничего настраивать не нужно.
desk-set-see-archive = Посмотреть архив

# safety mode
desk-set-safety = Безопасный режим
desk-set-safety-lead = Для читателей там, где рассылка может навлечь неприятности.
desk-set-safety-on = Отправлять в безопасном режиме
desk-set-safety-does = Что он делает
desk-set-safety-does-text = Все получают каждый материал целиком в самом письме: не нужно открывать сайт, и по письму не видно, за какими странами кто следит.
desk-set-safety-does-remote = Письма ничего не загружают: ни картинок, ни логотипа. Тот, кто следит за соединением, не увидит, когда письмо открыли.
desk-set-safety-does-subject = Тема и предпросмотр нейтральные: список писем или экран блокировки ничего не выдаст. Настоящая тема стоит внутри как заголовок.
desk-set-safety-does-logs = Кто получил какой выпуск и что ответили серверы, удаляется через { $days } дней после выпуска, как и сетевые адреса подписок. Итоги остаются.
desk-set-safety-costs = Чего он стоит
desk-set-safety-costs-words = Письма проще и длиннее, подборки по странам нет. Письма с нейтральной темой открывают реже. Старые доставки уже не посмотреть.
desk-set-safety-limits = Чего он не может
desk-set-safety-limits-words = Имя и адрес отправителя и название рассылки в заголовках письма по-прежнему говорят, откуда оно. Ссылки в письме всё так же ведут на сайты. Почтовые серверы по пути могут его прочитать.
desk-set-neutral-subject = Тема каждого выпуска
desk-set-neutral-subject-hint = Строка, которая ничего не выдаёт. Пусто, если подходит обычная.
desk-set-wrong-neutral-subject = Не сохранено: тема должна быть одной строкой не длиннее 150 знаков.
desk-set-group-approval = Перед отправкой
desk-set-needs-approval = Каждый выпуск должен одобрить второй человек.
