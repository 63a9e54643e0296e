# Before an issue goes out
desk-sending-send = Отправить
desk-sending-back-to-writing = Вернуться к тексту
desk-sending-because-not-approved = Выпуск был запланирован, но к назначенному времени его нынешний текст никто не одобрил. Он не отправлен. Попросите одобрить его и отправьте снова.
desk-sending-is-erratum = Это исправление: его получат только те, кому пришёл ошибочный текст и кто всё ещё подписан.
desk-sending-planned = Выпуск уйдёт: { $time }, по времени { $zone } (UTC{ $offset }; { $utc } UTC).
desk-sending-who = Кто его получит
desk-sending-lead =
  { $count ->
    [one] Его получит { $number } читатель
    [few] Его получат { $number } читателя
    [many] Его получат { $number } читателей
    *[other] Его получат { $number } читателя
  }{ $variants ->
    [1] , в одном варианте.
    [one] , в { $variants } варианте — по выбранным странам.
    [few] , в { $variants } вариантах — по выбранным странам.
    [many] , в { $variants } вариантах — по выбранным странам.
    *[other] , в { $variants } вариантах — по выбранным странам.
  }
desk-sending-candidates = Все, кто когда-либо подписался
desk-sending-candidates-erratum = Все, кому пришёл ошибочный текст
desk-sending-get-it = Получат этот выпуск
desk-sending-left-out-paused = на паузе
desk-sending-left-out-monthly = получают обзор за месяц
desk-sending-left-out-each = получают каждый выпуск
desk-sending-left-out-pending = ещё не подтвердили подписку
desk-sending-left-out-unsubscribed = отписались
desk-sending-left-out-bounced = больше недоступны
desk-sending-left-out-complained = пожаловались
desk-sending-takes-unknown = Сколько это займёт, пока сказать нельзя: нет прежних выпусков для сравнения.
desk-sending-takes-as-earlier = Это займёт примерно { $lasts } (скорость как у «{ $subject }»: { $rate }).
desk-sending-takes-by-settings = Это займёт примерно { $lasts }: настройки допускают { $rate }.
desk-sending-lasts-seconds =
  { $count ->
    [one] { $count } секунду
    [few] { $count } секунды
    [many] { $count } секунд
    *[other] { $count } секунды
  }
desk-sending-rate =
  { $count ->
    [one] { $number } письмо в минуту
    [few] { $number } письма в минуту
    *[other] { $number } писем в минуту
  }
desk-sending-lasts-minutes =
  { $count ->
    [one] { $count } минуту
    [few] { $count } минуты
    [many] { $count } минут
    *[other] { $count } минуты
  }
desk-sending-lasts-hours =
  { $count ->
    [one] { $count } час
    [few] { $count } часа
    [many] { $count } часов
    *[other] { $count } часа
  }
desk-sending-lasts-days =
  { $count ->
    [one] { $count } день
    [few] { $count } дня
    [many] { $count } дней
    *[other] { $count } дня
  }
desk-sending-approval = Второй человек
desk-sending-approved = Этот текст одобрен: { $name }, { $time }.
desk-sending-approval-changed = Текст изменили после одобрения ({ $name }). Нынешний текст должен одобрить кто-то другой, не тот, кто отправляет.
desk-sending-approval-changed-own = Текст изменили после вашего одобрения. Нынешний текст должен одобрить кто-то другой, не тот, кто отправляет.
desk-sending-approval-missing = Для этой рассылки нужны двое: текст должен одобрить не тот, кто его отправляет.
desk-sending-approval-own = Вы одобрили этот текст. Теперь отправить его должен другой человек.
desk-sending-approval-own-schedule = Вы сами запланировали этот выпуск. Одобрить его должен другой человек.
desk-sending-approval-given = Этот текст уже одобрен ({ $name }). Вы можете отправить его сами.
desk-sending-approve = Одобрить как второй человек
desk-sending-approve-hint = Тогда вы не сможете отправить его сами. Любое последующее изменение отменяет одобрение.
desk-sending-ask-approval = Попросить одобрения
desk-sending-ask-approval-hint = Коллеги увидят его среди того, что требует их внимания.
desk-sending-asked = Вы попросили одобрить этот выпуск. Коллеги увидят его на своей первой странице.
desk-sending-after-approval = Отправить можно будет, когда другой человек одобрит текст.
desk-sending-resume-own = Вы одобрили этот текст. Теперь продолжить отправку должен другой человек.
desk-sending-resume-changed = Текст изменили после одобрения ({ $name }). Отправка продолжится, когда кто-нибудь одобрит нынешний текст, а другой человек нажмёт «Продолжить».
desk-sending-resume-changed-own = Текст изменили после вашего одобрения. Одобрите нынешний текст, и отправку сможет продолжить другой человек. Или пусть текст одобрит другой, а продолжите вы.
desk-sending-resume-missing = Для этой рассылки нужны двое: один одобряет текст, другой продолжает отправку.
desk-sending-when = Когда
desk-sending-viewer = Вы можете всё смотреть. Отправлять может редактор.
desk-sending-mend = Исправить
desk-sending-soon = Через минуту
desk-sending-soon-hint = до этого отправку можно отменить
desk-sending-slot-hint = как обычно
desk-sending-at = В другое время
desk-sending-at-field = День и время по { $zone }
desk-sending-zone = Время указано по { $zone }; сейчас там { $time }.
desk-sending-button =
  { $count ->
    [one] Отправить { $number } читателю
    [few] Отправить { $number } читателям
    [many] Отправить { $number } читателям
    *[other] Отправить { $number } читателям
  }
desk-sending-take-back = Отменить отправку
desk-sending-move = Перенести
desk-sending-button-later =
  { $count ->
    [one] Запланировать для { $number } читателя
    [few] Запланировать для { $number } читателей
    [many] Запланировать для { $number } читателей
    *[other] Запланировать для { $number } читателей
  }

# While it goes out
desk-sending-countdown = Уйдёт через { $seconds } с.
desk-sending-headline-sending =
  Отправлено: { $sent } из { $count ->
    [one] { $audience } письма.
    [few] { $audience } писем.
    [many] { $audience } писем.
    *[other] { $audience } писем.
  }
desk-sending-headline-paused =
  Пауза. Отправлено: { $sent } из { $count ->
    [one] { $audience } письма; пока больше ничего не уходит.
    [few] { $audience } писем; пока больше ничего не уходит.
    [many] { $audience } писем; пока больше ничего не уходит.
    *[other] { $audience } писем; пока больше ничего не уходит.
  }
desk-sending-headline-sent =
  Отправлено: { $sent } из { $count ->
    [one] { $audience } письма.
    [few] { $audience } писем.
    [many] { $audience } писем.
    *[other] { $audience } писем.
  }
desk-sending-headline-cancelled =
  Остановлено окончательно. Отправлено: { $sent } из { $count ->
    [one] { $audience } письма.
    [few] { $audience } писем.
    [many] { $audience } писем.
    *[other] { $audience } писем.
  }
desk-sending-progress = Ход отправки
desk-sending-sent = Отправлено
desk-sending-queued = В очереди
desk-sending-deferred = Повторим позже
desk-sending-refused = Отказано
desk-sending-bounced = Адреса нет
desk-sending-failed = Не удалось
desk-sending-unknown = Возможно, отправлено
desk-sending-skipped = Не отправлено
desk-sending-waiting = В очереди
desk-sending-pace = { $rate }; примерное окончание: { $time }.
desk-sending-pace-rest = { $rate }. Примерное окончание первых попыток: { $time }. Остальным повторим позже.
desk-sending-pace-next-try = Всем уже пробовали отправить. Следующая попытка для остальных: { $time }.
desk-sending-pace-begins = Отправка только началась; скорость станет известна через несколько секунд.
desk-sending-provider-slows =
  { $provider } просит отправлять медленнее: { $count ->
    [one] ждёт { $number } читатель, остальным письма идут; следующая попытка: { $time }.
    [few] ждут { $number } читателя, остальным письма идут; следующая попытка: { $time }.
    [many] ждут { $number } читателей, остальным письма идут; следующая попытка: { $time }.
    *[other] ждут { $number } читателя, остальным письма идут; следующая попытка: { $time }.
  }
desk-sending-provider-limit =
  { $provider } не принимает больше за раз: { $count ->
    [one] ждёт { $number } читатель; следующая попытка: { $time }.
    [few] ждут { $number } читателя; следующая попытка: { $time }.
    [many] ждут { $number } читателей; следующая попытка: { $time }.
    *[other] ждут { $number } читателя; следующая попытка: { $time }.
  }
desk-sending-standstill-held = Вся отправка приостановлена: ничего не уходит. Снова разрешить её может тот, кто обслуживает сервер.
desk-sending-standstill-relays-paused = Все почтовые сервисы приостановлены: ничего не уходит. Снова разрешить отправку может тот, кто обслуживает сервер.
desk-sending-standstill-no-worker = Программа, которая отправляет письма, не работает. Сообщите тому, кто обслуживает сервер; потом выпуск пойдёт дальше сам.
desk-sending-relay-limit = Почтовый сервер «{ $relay }» принимает { $connections } из { $configured } соединений; ещё одно попробуем в { $time }. Отправка идёт, только медленнее.
desk-sending-waits-no_mailbox =
  { $count ->
    [one] Повторная отправка позже для { $number } читателя: ящик сейчас не найден.
    [few] Повторная отправка позже для { $number } читателей: ящик сейчас не найден.
    [many] Повторная отправка позже для { $number } читателей: ящик сейчас не найден.
    *[other] Повторная отправка позже для { $number } читателя: ящик сейчас не найден.
  }
desk-sending-waits-full =
  { $count ->
    [one] Повторная отправка позже для { $number } читателя: ящик переполнен.
    [few] Повторная отправка позже для { $number } читателей: ящик переполнен.
    [many] Повторная отправка позже для { $number } читателей: ящик переполнен.
    *[other] Повторная отправка позже для { $number } читателя: ящик переполнен.
  }
desk-sending-waits-slow_down =
  { $count ->
    [one] Повторная отправка позже для { $number } читателя: сервер просит меньше писем за раз.
    [few] Повторная отправка позже для { $number } читателей: сервер просит меньше писем за раз.
    [many] Повторная отправка позже для { $number } читателей: сервер просит меньше писем за раз.
    *[other] Повторная отправка позже для { $number } читателя: сервер просит меньше писем за раз.
  }
desk-sending-waits-unwanted =
  { $count ->
    [one] Повторная отправка позже для { $number } читателя: сервер не принимает это письмо.
    [few] Повторная отправка позже для { $number } читателей: сервер не принимает это письмо.
    [many] Повторная отправка позже для { $number } читателей: сервер не принимает это письмо.
    *[other] Повторная отправка позже для { $number } читателя: сервер не принимает это письмо.
  }
desk-sending-waits-too_large =
  { $count ->
    [one] Повторная отправка позже для { $number } читателя: письмо слишком велико для сервера.
    [few] Повторная отправка позже для { $number } читателей: письмо слишком велико для сервера.
    [many] Повторная отправка позже для { $number } читателей: письмо слишком велико для сервера.
    *[other] Повторная отправка позже для { $number } читателя: письмо слишком велико для сервера.
  }
desk-sending-waits-later =
  { $count ->
    [one] Повторная отправка позже для { $number } читателя: сервер просит прийти позже.
    [few] Повторная отправка позже для { $number } читателей: сервер просит прийти позже.
    [many] Повторная отправка позже для { $number } читателей: сервер просит прийти позже.
    *[other] Повторная отправка позже для { $number } читателя: сервер просит прийти позже.
  }
desk-sending-waits-no_answer =
  { $count ->
    [one] Повторная отправка позже для { $number } читателя: почтовый сервер не ответил.
    [few] Повторная отправка позже для { $number } читателей: почтовый сервер не ответил.
    [many] Повторная отправка позже для { $number } читателей: почтовый сервер не ответил.
    *[other] Повторная отправка позже для { $number } читателя: почтовый сервер не ответил.
  }
desk-sending-waits-other =
  { $count ->
    [one] Повторная отправка позже для { $number } читателя: сервер назвал другую причину.
    [few] Повторная отправка позже для { $number } читателей: сервер назвал другую причину.
    [many] Повторная отправка позже для { $number } читателей: сервер назвал другую причину.
    *[other] Повторная отправка позже для { $number } читателя: сервер назвал другую причину.
  }
desk-sending-because-refused = Отправка остановилась сама: почтовый сервер отклонил этот выпуск для нескольких читателей подряд, каждый раз с одним и тем же ответом: «{ $said }». Ни одно из этих писем не считается неудачным. Когда причина будет устранена, продолжайте.
desk-sending-because-unanswered = Отправка остановилась сама: для нескольких читателей подряд осталось неизвестным, принял ли почтовый сервер письмо: «{ $said }». Эти письма, возможно, дошли, и каждое уйдёт ещё раз, если вы продолжите. Сначала попросите того, кто обслуживает сервер, посмотреть журнал почтового сервера.
desk-sending-because-cannot-be-built = Отправка остановилась сама: письма не удаётся составить. Причина: «{ $said }». Ни одно письмо не считается неудачным. Когда она будет устранена, продолжайте.
desk-sending-because-held = Всю отправку приостановил тот, кто обслуживает сервер: «{ $said }». Этот выпуск не пойдёт дальше сам: когда отправку снова разрешат, нажмите «Продолжить».
desk-sending-because-held-unsaid = Всю отправку приостановил тот, кто обслуживает сервер. Этот выпуск не пойдёт дальше сам: когда отправку снова разрешат, нажмите «Продолжить».
desk-sending-because-copied = Во время отправки эту базу данных восстановили из копии или скопировали. Те, кто получил выпуск после создания копии, получили бы его дважды. Посмотрите, как далеко зашла отправка, и продолжите её или остановите совсем.
desk-sending-because-overdue = Время выпуска наступило, пока эту базу данных восстанавливали или копировали. Посмотрите, не ушёл ли он уже. Если ещё не ушёл, отправьте его.
desk-sending-because-other = { $said }
desk-sending-connection-lost = Связь потеряна. Отправка идёт; страница восстановится сама.
desk-sending-pause = Пауза
desk-sending-resume = Продолжить
desk-sending-correct = Исправить для остальных
desk-sending-corrected = Текст исправлен. Те, кто ещё ждёт, получат новый, когда вы продолжите.
desk-sending-stop = Остановить совсем…
desk-sending-stop-question =
  { $count ->
    [one] { $number } читатель не получит этот выпуск. Отменить это нельзя.
    [few] { $number } читателя не получат этот выпуск. Отменить это нельзя.
    [many] { $number } читателей не получат этот выпуск. Отменить это нельзя.
    *[other] { $number } читателя не получат этот выпуск. Отменить это нельзя.
  }
desk-sending-stop-page = «Читать на сайте» в уже отправленных письмах продолжит работать. Из списков, ленты и поиска архива выпуск пропадёт.
desk-sending-stop-now = Остановить совсем

# The report
desk-sending-report = Отчёт
desk-sending-watch = Следить за отправкой
desk-sending-csv = Таблица (CSV)
desk-sending-begin-with = Начать новый выпуск с этого
desk-sending-archive = В архиве
desk-sending-from = Начало: { $time }
desk-sending-until = · конец: { $time }
desk-sending-result = Что получилось
desk-sending-sent-means = «Отправлено» значит, что почтовый сервер принял письмо. Дошло ли оно до ящика, здесь не известно.
desk-sending-skipped-means = Не отправлено: эти читатели отписались или сделали паузу либо отправку остановили раньше.
desk-sending-what = Результат
desk-sending-readers = Читатели
desk-sending-share = Доля
desk-sending-left =
  { $count ->
    [one] За неделю после выпуска ушёл { $number } читатель
    [few] За неделю после выпуска ушли { $number } читателя
    [many] За неделю после выпуска ушли { $number } читателей
    *[other] За неделю после выпуска ушли { $number } читателя
  }{ $complained ->
    [0] .
    [one] ; пожаловался { $complained }.
    [few] ; пожаловались { $complained }.
    [many] ; пожаловались { $complained }.
    *[other] ; пожаловались { $complained }.
  }
desk-sending-left-so-far = Это пока: неделя ещё не прошла.
desk-sending-left-week = Ушли за неделю
desk-sending-failed-list = Кто не получил и почему
desk-sending-failed-none = Никто.
desk-sending-failed-more = Ещё
desk-sending-retry =
  { $count ->
    [one] Повторить отправку { $number } читателю
    [few] Повторить отправку { $number } читателям
    [many] Повторить отправку { $number } читателям
    *[other] Повторить отправку { $number } читателям
  }
desk-sending-erratum = Написать тем, кто получил ошибочный текст
desk-sending-erratum-hint = Новый черновик только для них.
desk-sending-erratum-subject = Исправление: { $subject }
desk-sending-nothing-wrong = Никто не получил другого текста, или все уже получили исправление: исправлять нечего.
desk-sending-ledger-removed = Уже неизвестно, кто получил ошибочный текст: эти записи со временем удаляются. Напишите новый выпуск всем читателям.
desk-sending-page = Страница на сайте
desk-sending-page-off = Страница убрана
desk-sending-page-hide = Убрать страницу с сайта
desk-sending-page-hint = По её адресу будет сказано, что страницу убрали; списки, лента и поиск выпуск не покажут. Письма не изменятся, а страницу можно вернуть.
desk-sending-page-hidden = Страница убрана с сайта: { $time }. По её адресу сказано, что её убрали.
desk-sending-page-unhide = Вернуть страницу
desk-sending-page-correct = Исправить страницу
desk-sending-page-corrected = На странице исправленный текст. Письма не отправлялись.
desk-sending-no-page = У этого выпуска нет страницы на сайте: его не отправляли или остановили раньше, чем он кому-то пришёл.
desk-sending-course = По времени
desk-sending-course-chart = Отправленные письма и над ними отказы по времени
desk-sending-time = Время
desk-sending-next-try = Следующая попытка
desk-sending-providers = По почтовым службам
desk-sending-providers-later = Эта таблица появится после окончания отправки, примерно через минуту.
desk-sending-provider = Служба
desk-sending-other-providers = все остальные
desk-sending-all-providers = все
desk-sending-causes = Почему письма не дошли или ждут
desk-sending-cause = Причина
desk-sending-answer = Ответ сервера
desk-sending-meaning-no_mailbox = Такого ящика нет
desk-sending-meaning-full = Ящик переполнен
desk-sending-meaning-slow_down = Сервер просит меньше писем
desk-sending-meaning-unwanted = Сервер не принимает это письмо
desk-sending-meaning-too_large = Письмо слишком велико
desk-sending-meaning-later = Сервер просит прийти позже
desk-sending-meaning-no_answer = Сервер не ответил
desk-sending-meaning-other = Другая причина
desk-sending-state-queued = в очереди
desk-sending-state-sent = отправлено
desk-sending-state-deferred = повторим позже
desk-sending-state-bounced = адреса нет
desk-sending-state-failed = не удалось
desk-sending-state-skipped = не отправлено
desk-sending-state-unknown = возможно, отправлено
desk-sending-earlier = Рядом с прежними выпусками
desk-sending-issue = Выпуск
desk-sending-reader = Читатель
desk-sending-reader-number = № { $number }
desk-sending-attempts = Попытки
desk-sending-errors-first = Проверки нашли то, что нужно исправить до отправки.
desk-sending-errors-planned = Проверки нашли то, что нужно исправить. Выпуск уйдёт в таком виде, если никто не изменит его или не отменит отправку.
desk-sending-changed = С тех пор как вы открыли эту страницу, текст изменили. Уйдёт то, что здесь сейчас: посмотрите и нажмите кнопку ещё раз.
desk-sending-warnings-first = Посмотрите, что нашли проверки, и отметьте, что видели это.
desk-sending-time-or-choice = Вы ввели время, но был выбран другой ответ. Теперь выбрано время: отправьте ещё раз, если имели в виду его, или выберите другой ответ.
desk-sending-warnings-seen = { $count ->
     [one] Я вижу { $count } предупреждение и всё равно хочу отправить.
     [few] Я вижу { $count } предупреждения и всё равно хочу отправить.
    *[other] Я вижу { $count } предупреждений и всё равно хочу отправить.
 }
desk-sending-all-checks = Все проверки, включая ссылки и отправку
