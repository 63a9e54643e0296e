# Редакция: главная, выпуски, текст выпуска.

# navigation
desk-name = Редакция
desk-home = Главная
desk-issues = Выпуски
desk-settings = Настройки
desk-people = Команда
desk-sign-out = Выйти
desk-newsletter = Рассылка
desk-all = Все
desk-show = Показать
desk-older = Более ранние выпуски
desk-somebody = Кто-то
desk-as-table = Таблицей
desk-day = День

# states
desk-state = Состояние
desk-state-draft = Черновик
desk-state-scheduled = Запланирован
desk-state-sending = Отправляется
desk-state-paused = Приостановлен
desk-state-sent = Отправлен
desk-state-cancelled = Отменён

# home
desk-home-greeting = Здравствуйте, { $name }
desk-home-no-newsletter = У вас пока нет ни одной рассылки. Попросите владельца дать вам роль.
desk-tasks = Требует внимания
desk-task-stopped = Отправка «{ $subject }» остановилась сама.
desk-task-stopped-next = Посмотреть причину и продолжить
desk-task-paused = «{ $subject }» на паузе, читатели ждут.
desk-task-paused-next = Продолжить, исправить или остановить
desk-task-deferred = «{ $subject }» отправляется; почтовые серверы просят подождать, читателей в очереди: { $count }.
desk-task-deferred-next = Следить за отправкой
desk-task-summary = Обзор за месяц «{ $subject }» уйдёт сам.
desk-task-summary-next = Посмотреть заранее
desk-task-approval = Выпуск «{ $subject }» готов к отправке и ждёт одобрения второго человека.
desk-task-approval-next = Посмотреть и одобрить
desk-task-attack = Кто-то массово подписывает чужие адреса. Форма защищается, настоящие читатели проходят. За последний час: подписок — { $signups }, подтверждений — { $confirmations }.
desk-task-attack-next = Это пройдёт само; делать ничего не нужно.
desk-task-held = Вся отправка приостановлена: не уходят ни выпуски, ни обзоры за месяц, ни отдельные письма. Снова разрешить её может тот, кто обслуживает сервер: { $command }.
desk-task-held-next = Посмотреть выпуски
desk-task-no-worker = Программа, которая отправляет письма, не работает, и выпуск ждёт. Тот, кто обслуживает сервер, запускает её командой { $command }.
desk-task-relay-paused = Почтовый сервис { $relay } приостановлен: через него ничего не уходит. Снова разрешить отправку может тот, кто обслуживает сервер: { $command }.
desk-home-now = В работе
desk-home-last = Недавно отправлены
desk-home-nothing-open = Сейчас ничего не пишется и не отправляется.
desk-home-all-issues = Все выпуски
desk-begun = начат: { $time }
desk-goes-out = уйдёт: { $time }
desk-sent-of =
  { $sent ->
    *[other] { $sent_shown }
  } из { $audience ->
    [one] { $audience_shown } читателя · { $time }
    [few] { $audience_shown } читателей · { $time }
    [many] { $audience_shown } читателей · { $time }
    *[other] { $audience_shown } читателей · { $time }
  }
desk-lost = не получили: { $count }
desk-readers = Читатели
desk-readers-active =
  { $count ->
    [one] активный
    *[other] активных
  }
desk-readers-month = За 30 дней: пришли { $joined }, ушли { $left }
desk-readers-imported = { $count ->
     [one] За эти дни импортирован { $number } читатель с более ранним согласием.
     [few] За эти дни импортированы { $number } читателя с более ранним согласием.
    *[other] За эти дни импортировано { $number } читателей с более ранним согласием.
 }
desk-readers-chart = Новые читатели (над линией) и ушедшие (под ней) за каждый из 30 дней
desk-joined = Пришли
desk-left = Ушли
desk-as-of = Подсчитано: { $time }

# issues
desk-new-issue = Новый выпуск
desk-no-issues = Здесь пока нет выпусков.
desk-find-issue = Найти
desk-found-no-issue = Ни в теме, ни в заголовках выпусков таких слов нет.
desk-no-subject = (пока без темы)
desk-start = Начать с
desk-start-recipe = Обычных разделов
desk-start-recipe-hint = заголовки и пустые пункты в вашем порядке
desk-start-blank = Чистого листа
desk-start-earlier = Прошлого выпуска
desk-earlier = Какого
desk-start-writing = Начать писать

# writing
desk-write = Текст выпуска
desk-history = История
desk-to-send = Дальше: отправка
desk-subject = Тема
desk-preheader = Текст предпросмотра
desk-preheader-hint = то, что почта показывает рядом с темой
desk-intro = Приветствие и вступление
desk-text = Текст
desk-new-part = Ещё раздел
desk-add-part = Добавить раздел
desk-add-item = Добавить пункт
desk-new-item = Новый пункт
desk-headline = Заголовок
desk-item-link = Ссылка
desk-summary = Краткое содержание
desk-countries = Страны
desk-picture-and-access = Картинка, доступ
desk-picture-file = Загрузить картинку
desk-picture-address = Адрес картинки
desk-picture-alt = Что на картинке
desk-picture-alt-hint = для тех, кто её не видит
desk-picture-credit = Автор снимка
desk-access = Доступ
desk-access-none = не указывать
desk-access-free = бесплатно
desk-access-paid = для платных подписчиков
desk-kind-news = Главное
desk-kind-analysis = Анализ
desk-kind-articles = Статьи по странам
desk-kind-photo = Фото
desk-kind-agenda = Афиша
desk-kind-press = Обзор прессы
desk-kind-support = Призыв о поддержке
desk-kind-text = Свободный текст
desk-part-up = Поднять раздел
desk-part-down = Опустить раздел
desk-part-remove = Убрать раздел
desk-item-up = Поднять пункт
desk-item-down = Опустить пункт
desk-item-remove = Убрать пункт
desk-removed = Удалено: «{ $what }».
desk-undo = Вернуть
desk-toolbar = Оформление
desk-bold = Жирный
desk-italic = Курсив
desk-link = Ссылка
desk-list = Список
desk-quote = Цитата
desk-save = Сохранить
desk-saving = Сохраняется…
desk-saved = Сохранено: { $time }
desk-kept-aside = Сохранено в истории, но ещё не в выпуске: { $time }
desk-saved-as-shown = Всё сохранено
desk-not-saved = Не сохранено: выпуск изменил другой человек ({ $name }). Решить
desk-refused = Не сохранено: сервис не принял изменения. Написанное остаётся на странице.
desk-offline = Не сохранено: нет связи. Написанное хранится в этом браузере и будет сохранено, как только получится.
desk-signed-out-while-writing = Не сохранено: сеанс завершён. Войдите снова в другой вкладке — написанное останется здесь и сохранится.
desk-rescue = В этом браузере есть текст от { $at }, который не был сохранён.
desk-rescue-use = Вставить в выпуск
desk-rescue-drop = Выбросить
desk-also-writing = Здесь пишет и { $name }. Кто сохранит вторым, увидит предупреждение; ничего не перезапишется.
desk-conflict = Пока вы писали, выпуск изменил другой человек ({ $name }). Ваш текст на этой странице и в истории; ничего не перезаписано.
desk-conflict-mine = Сохранить мой вариант
desk-conflict-theirs = Показать другой
desk-write-scheduled = Этот выпуск уйдёт: { $time }. Изменения вступят в силу, когда вы нажмёте «Изменить запланированный выпуск».
desk-apply-scheduled = Изменить запланированный выпуск
desk-apply-errors = Запланированный выпуск не изменён и уйдёт в прежнем виде: { $time }. Сначала исправьте: { $what } Ваш текст сохранён в истории.
desk-write-paused =
  Выпуск получили: { $sent ->
    *[other] { $sent_shown }
  }, ждут: { $waiting ->
    *[other] { $waiting_shown }
  }. Исправление получат только те, кто ждёт.
desk-compare = Посмотреть разницу
desk-correction-title = Что изменится
desk-correction-lead = Новый текст получат: { $waiting }. Останутся при прежнем: { $sent }.
desk-correction-none = Различий нет.
desk-correct = Исправить для ожидающих: { $waiting }
desk-write-sent = Этот выпуск отправлен. Здесь вы исправляете только его страницу на сайте: письма снова не уйдут.
desk-correction-lead-page = Письма снова не уйдут. На странице будет исправленный текст с пометкой об этом.
desk-correction-had =
  { $count ->
    [one] Прежний текст получил { $number } читатель: потом вы сможете написать ему исправление.
    [few] Прежний текст получили { $number } читателя: потом вы сможете написать им исправление.
   *[other] Прежний текст получили { $number } читателей: потом вы сможете написать им исправление.
  }
desk-correction-had-unknown = Уже неизвестно, кто получил прежний текст: написать исправление только им нельзя.
desk-back-to-writing = Назад к тексту
desk-keep-as-recipe = Запомнить разделы для новых выпусков
desk-recipe-kept = Новые выпуски этой рассылки теперь начинаются с этих разделов.
desk-throw-away = Выбросить этот черновик…
desk-throw-away-question = Он больше не будет в работе, и его никто не получит. Новый выпуск всё же можно начать с его текста.
desk-throw-away-now = Выбросить
desk-thrown-away = Черновик выброшен. Здесь он значится как отменённый, и новый выпуск можно начать с его текста.
desk-preview = Предпросмотр
desk-view-desktop = Компьютер
desk-view-phone = Телефон
desk-view-dark = Тёмный
desk-view-text = Текст
desk-as-reader = Как читатель, который выбрал
desk-as-everything = всё
desk-as-follower = { $country }
desk-size = { $kilobytes } КБ, { $percent } % от предела Gmail
desk-size-clipped = Gmail скроет конец письма: сократите выпуск.
desk-test-copy = Пробная копия для
desk-test-send = Отправить
desk-test-hint = Несколько адресов — через запятую. Отправится вариант, выбранный выше.
desk-test-sent = { $count ->
     [one] Отправлена { $count } пробная копия.
     [few] Отправлены { $count } пробные копии.
    *[other] Отправлено { $count } пробных копий.
 }
desk-test-arrived = Сервер адреса { $address } принял пробную копию.
desk-test-refused = Пробная копия для { $address } отклонена: { $said }
desk-test-waits = Пробная копия для { $address } ждёт: { $said }
desk-test-refused-untold = Пробная копия для { $address } отклонена.
desk-test-waits-untold = Пробная копия для { $address } ждёт.
desk-test-how-many = Укажите от одного до двадцати адресов.
desk-test-wrong-address = «{ $address }» — не адрес почты.
desk-test-too-many = Слишком много пробных копий: для одной рассылки их уходит шестьдесят в час и двести в день. Ни одна не отправлена. Попробуйте снова через { $minutes } мин.
desk-test-suppressed = На эти адреса писать нельзя, копии туда не отправлены: { $addresses }. Копий остальным: { $count }.
desk-unapplied = Это ваш текст ({ $time }). Его ещё нет в выпуске.
desk-unapplied-drop = Вернуться к тексту выпуска
desk-elsewhere = Вашего текста ({ $time }) нет в выпуске. Он есть в истории.
desk-of-the-issue = Пробные копии показывают текст, который сейчас в выпуске; проверки относятся к тому, что вы пишете.
desk-recipe-what = Эти разделы заменят те, с которых начинается каждый новый выпуск этой рассылки.
desk-recipe-changed = Кто-то уже изменил эту рассылку. Посмотрите её обычные разделы в настройках; если вы нажмёте ещё раз, их заменят разделы этого выпуска.
desk-choose-newsletter = Выберите рассылку
desk-choose-newsletter-first = Ничего не начато: сначала выберите рассылку.
desk-paste-picture = В тексте не может быть картинок, поэтому они пропущены. Добавьте картинку в поле для неё в нужном пункте.
desk-paste-too-long = Ничего не вставлено: текст слишком длинный для этого поля, в нём помещается { $max } знаков.
desk-not-saved-own = Не сохранено: вы изменили выпуск в другом окне. Решить
desk-conflict-own = Вы сами изменили этот выпуск в другом окне. Ваш текст на этой странице и в истории; ничего не перезаписано.
desk-conflict-apply = Оставить мой вариант и изменить запланированный выпуск
desk-conflict-compare = Оставить мой вариант и посмотреть разницу
desk-conflict-fields = Вы оба изменили: { $fields }. Если вы сохраните свой вариант, он заменит другой только там.
desk-saved-beside = Сохранено: { $time }. Другой человек изменил: { $fields }. Показать
desk-too-late = Слишком поздно: сохранено в истории, не в выпуске
desk-too-late-sending = Этот выпуск уже уходит; начало отправки: { $time }. Ваш текст в истории, не в выпуске.
desk-too-late-sent = Этот выпуск отправлен; начало отправки: { $time }. Ваш текст в истории, не в выпуске.
desk-too-late-cancelled = Отправка этого выпуска остановлена окончательно. Ваш текст в истории, не в выпуске.
desk-upload-running = Изображение загружается…
desk-upload-offline = Изображение не загружено: нет связи. Выберите его ещё раз.
desk-upload-signed-out = Изображение не загружено: сеанс завершён. Войдите снова в другой вкладке и выберите изображение ещё раз.
desk-nothing-done-offline = Ничего не сделано: нет связи. Попробуйте ещё раз.
desk-nothing-done-signed-out = Ничего не сделано: сеанс завершён. Войдите снова в другой вкладке и нажмите кнопку ещё раз.
desk-paste-form = Таблицы и зачёркнутые слова теряют свой вид: посмотрите, что вставлено.

# history
desk-history-lead = Можно вернуть любое из ста последних состояний; нынешнее тоже сохранится.
desk-history-lead-look = Можно посмотреть любое из ста последних состояний. Вернуться можно, только пока выпуск остаётся черновиком.
desk-history-empty = Здесь пока ничего не менялось.
desk-history-aside = не в выпуске
desk-history-old = Состояние этого выпуска. Сохранение: { $name }, { $time }. Чтобы вернуться, закройте эту вкладку.
desk-history-look = Посмотреть
desk-history-restore = Вернуться сюда
desk-changed-subject = Изменена тема
desk-changed-preheader = Изменён текст предпросмотра
desk-changed-intro = Изменено вступление
desk-changed-added = добавлено пунктов: { $count }
desk-changed-removed = удалено пунктов: { $count }
desk-changed-edited = изменено пунктов и разделов: { $count }
desk-changed-arranged = изменён порядок или разделы
desk-changed-nothing = начальное состояние

# refusals
desk-refused-invalid = Сначала нужно исправить: { $places }.
desk-refused-state = Выпуск теперь в состоянии «{ $state }», здесь это невозможно.
desk-refused-changed = Кто-то уже изменил это. Обновите страницу и посмотрите, что там сейчас.
desk-refused-empty = В выпуске есть только тема.
desk-refused-no-audience = Никто бы его не получил: сейчас у рассылки нет для него читателей.
desk-refused-time = Это время не подходит: оно прошло, не существует или дальше двух лет.
desk-refused-under-way = Письма этого выпуска ещё в пути. Кто получил неверный текст, станет известно через несколько минут: попробуйте тогда ещё раз.
desk-place-item = раздел { $part }, пункт { $item } ({ $name })
desk-place-part = раздел { $part } ({ $name })
desk-place-whole-part = раздел { $part }
desk-place-parts = разделы
