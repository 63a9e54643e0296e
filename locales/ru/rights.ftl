### Данные читателя: что хранится, как это увидеть, исправить и удалить.

## Названия того, что записывается.

consent-requested = Запрошена подписка
consent-mailed = Письмо для подтверждения отправлено и принято почтовым сервером
consent-confirmed = Подтверждено
consent-imported = Импортировано, с прежним согласием
consent-changed = Настройки изменены
consent-corrected = Имя исправлено
consent-moved = Адрес изменён
consent-withdrawn = Отписка
consent-erased = Удалено по просьбе
way-page = на странице этого сервиса
way-api = через форму другого сайта или программу
way-one_click = в один клик в почте
way-import = из файла
way-mail = по электронной почте
way-owner = через издателя
way-operator = тем, кто обслуживает сервер
way-signed_link = через личную ссылку из письма
subscription-pending = ещё не подтверждена
subscription-active = действует
subscription-ended = прекращена
ended-unsubscribed = отписка
ended-bounced = почтового ящика больше нет
ended-complained = отмечено как спам
ended-erased = удалено по просьбе
delivery-queued = ждёт
delivery-sent = отправлено
delivery-deferred = отложено
delivery-bounced = отклонено
delivery-failed = не доставлено
delivery-skipped = не отправлено
delivery-unknown = отправлено, доставка неизвестна
mail-kind-confirmation = Просьба о подтверждении
mail-kind-already_subscribed = «Вы уже подписаны»
mail-kind-welcome = Приветствие
mail-kind-test_copy = Пробная копия
mail-kind-data_link = Ссылка на ваши данные
mail-kind-new_address = Просьба подтвердить новый адрес
mail-kind-address_changed = Сообщение о новом адресе
mail-kind-erased = Подтверждение удаления
mail-kind-editor_invitation = Приглашение в редакцию
mail-kind-password_reset = Ссылка для нового пароля
mail-kind-new_browser = Сообщение о новом браузере
mail-kind-codes_off = Сообщение об отключении кодов

## Файл.

dossier-title = Что хранится об адресе { $address }
dossier-title-consent = Доказательство согласия адреса { $address }
dossier-label = { $name }:
dossier-made = Составлено
dossier-since = С нами с
dossier-name = Имя
dossier-new-address = Запрошенный новый адрес, ещё не подтверждён
dossier-locked = Данные этого человека удалены. Осталось только закрытое доказательство согласия; адреса в нём нет, найдено оно по хешу с ключом от указанного адреса.
dossier-state = Состояние
dossier-asked = Запрошена
dossier-confirmed = Подтверждена
dossier-ended = Закончена
dossier-paused = Пауза до
dossier-language = Язык
dossier-frequency = Частота
dossier-countries = Страны
dossier-countries-all = все одинаково
dossier-answer-yes = да
dossier-consent = Журнал согласий
dossier-page = Где
dossier-ip = IP-адрес
dossier-wording = Текст, версия
dossier-event = Запись { $number }, хеш
dossier-not-genuine = Эта запись больше не говорит того, что было записано.
dossier-deliveries = Выпуски
dossier-mails = Другие письма
dossier-reply = Ответ почтового сервера
dossier-proof = Время везде указано по UTC. Каждая запись несёт хеш с ключом от своего содержания и от предыдущей записи: ничего нельзя незаметно изменить, убрать или добавить задним числом.
dossier-imported = Импортирована
dossier-wording-alone = Текст

## Страницы.

my-data-open = Посмотреть, скачать, исправить или удалить мои данные
my-data-ask-title = Ваши данные
my-data-ask-what = Посмотрите всё, что мы о вас храним, скачайте это, исправьте, смените адрес или удалите всё.
my-data-ask-why = Письма пересылают, а вместе с ними и ссылки. Поэтому мы отправим новую ссылку на { $email }; срок её действия: { $duration }.
my-data-ask-why-moved = Письма пересылают, а вместе с ними и ссылки. Поэтому мы отправим новую ссылку на ваш нынешний адрес; срок её действия: { $duration }.
my-data-ask-button = Прислать мне ссылку
my-data-asked-title = Проверьте почту
my-data-asked-what = Мы отправили ссылку на ваши данные на { $email }.
my-data-asked-what-moved = Мы отправили ссылку на ваши данные на ваш нынешний адрес.
my-data-asked-again = Через несколько минут ничего нет? Посмотрите в папке «Спам». Запрашивать ссылку можно несколько раз в день.
my-data-expired-title = Срок действия этой ссылки истёк
my-data-expired-what = В целях безопасности ссылка на ваши данные действует недолго.
my-data-expired-button = Получить новую ссылку
my-data-title = Ваши данные
my-data-lead = Это всё, что мы о вас храним. Больше ничего: мы не следим за тем, что вы открываете и на что нажимаете.
my-data-saved = Сохранено.
my-data-who = Кто вы
my-data-address = Адрес
my-data-name = Имя
my-data-since = С нами с
my-data-none = нет
my-data-subscriptions = Ваши подписки
my-data-consent-many = Журнал ваших согласий ({ $count })
my-data-deliveries-many = Выпуски ({ $count })
my-data-mails-many = Другие письма ({ $count })
my-data-take = Скачать мои данные
my-data-take-text = Файл для чтения
my-data-take-json = Файл для программ (JSON)
my-data-name-title = Исправить имя
my-data-name-hint = Оставьте поле пустым, и мы удалим имя.
my-data-name-button = Сохранить имя
my-data-name-wrong = Имя — одна строка не длиннее 200 символов.
my-data-address-title = Сменить адрес
my-data-address-new = Ваш новый адрес электронной почты
my-data-address-hint = На новый адрес придёт ссылка; пока вы по ней не перейдёте, ничего не изменится. Затем мы сообщим об этом на старый.
my-data-address-button = Сменить адрес
my-data-address-asked = Мы отправили письмо на новый адрес. Откройте его и перейдите по ссылке.
my-data-address-postponed = Сейчас мы отправляем очень много писем. Письмо на новый адрес уйдёт не раньше этого времени: { $time }. Тогда откройте его и перейдите по ссылке.
my-data-address-same = Это уже ваш адрес.
my-data-address-often = Сегодня вы запрашивали это слишком часто. Попробуйте завтра.
my-data-erase-title = Удалить всё
my-data-erase-what = Все ваши подписки сразу прекратятся; ваш адрес, имя, настройки, ответы и список того, что вам отправлено, будут удалены. Отменить это никто не сможет. Останется: отпечаток вашего адреса, из которого адрес не восстановить, чтобы никакой список не вернул вас обратно, и закрытое доказательство вашего согласия ({ $until }).
my-data-erase-until = до даты: { $date }
my-data-erase-always = бессрочно
my-data-erase-button = Удалить всё обо мне
my-data-erase-sure = Да, удалить всё
my-data-erase-unticked = Сначала отметьте «Да, удалить всё»: отменить это никто не сможет.
new-address-page-title = Подтвердите новый адрес
new-address-page-what = «{ $newsletter }» и все остальные ваши подписки у нас будут приходить на этот адрес.
new-address-button = Да, использовать этот адрес
new-address-decline = Это были не вы? Без вашего подтверждения ничего не изменится. Можно и удалить запрос: тогда в ближайшие месяцы никто не заставит нас писать на этот адрес.
new-address-done-title = Готово
new-address-done-what = Теперь рассылка приходит на этот адрес. На старый мы об этом сообщили.
erased-page-title = Всё удалено
erased-certificate = Посмотреть свидетельство

## Письма.

data-link-subject = Ваши данные в «{ $newsletter }»
data-link-preheader = Посмотреть, исправить, скачать или удалить.
data-link-title = Ваши данные
data-link-what = Вы хотели увидеть, что мы храним о вас как о читателе «{ $newsletter }». Откройте это по ссылке:
data-link-button = Открыть мои данные
data-link-valid = Срок действия ссылки: { $duration }. Никому её не передавайте.
data-link-ignore = Это были не вы? Делать ничего не нужно: без этого письма никто ничего не увидит и не изменит.

new-address-subject = Подтвердите новый адрес для «{ $newsletter }»
new-address-preheader = Один клик, и рассылка будет приходить сюда.
new-address-title = Ваш новый адрес
new-address-mail-what = Читатель «{ $newsletter }» хочет получать рассылку на этот адрес. Если это вы, подтвердите:
new-address-ignore = Это были не вы? Делать ничего не нужно: без вашего подтверждения ничего не изменится. Чтобы такие письма больше не приходили, откройте ссылку и выберите «Это не я».

address-changed-subject = Ваш адрес для «{ $newsletter }» изменён
address-changed-preheader = Рассылка теперь приходит на другой адрес.
address-changed-title = Ваш адрес изменён
address-changed-what = Рассылка «{ $newsletter }» теперь приходит на другой адрес: об этом попросили по ссылке, отправленной на этот адрес, и подтвердили на новом. Это последнее письмо на этот адрес.
address-changed-not-you = Это были не вы? Сразу напишите нам: { $reply }

erased-subject = Ваши данные удалены
erased-preheader = Что удалено, что остаётся и до какого времени.
erased-title = Всё удалено
erased-what = По вашей просьбе мы удалили то, что хранили о вас. Вот свидетельство об этом.
erased-deleted = Удалено
erased-deleted-person = ваш адрес, имя, настройки и ответы
erased-deleted-subscriptions = { $count ->
    [one] { $count } подписка, она прекращена
    [few] { $count } подписки, они прекращены
   *[other] { $count } подписок, они прекращены
 }
erased-deleted-deliveries = { $count ->
    [one] { $count } отметка об отправленном вам выпуске
    [few] { $count } отметки об отправленных вам выпусках
   *[other] { $count } отметок об отправленных вам выпусках
 }
erased-deleted-mails = { $count ->
    [one] { $count } другое письмо вместе с ответом почтового сервера
    [few] { $count } других письма вместе с ответами почтового сервера
   *[other] { $count } других писем вместе с ответами почтового сервера
 }
erased-remains = Что остаётся
erased-remains-hash = отпечаток вашего адреса, чтобы никакой список не вернул вас обратно; адрес из него не восстановить. Он хранится, пока вы сами не подпишетесь снова.
erased-remains-proof = доказательство вашего согласия, закрытое и без вашего адреса, до даты: { $until }
erased-remains-proof-always = доказательство вашего согласия, закрытое и без вашего адреса, бессрочно
erased-remains-mail = ваш адрес среди исходящей почты, только пока не отправлено последнее письмо об этом удалении; резервные копии базы, пока их не заменят
erased-remains-totals = сколько читателей было у каждого выпуска, только число
erased-at = Удалено:
erased-again = Мы всегда будем рады вам: подпишитесь и подтвердите, и всё будет как в первый раз.
