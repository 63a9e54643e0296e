### Слова, общие для писем и страниц.

legal-imprint = Выходные данные
legal-privacy = Защита персональных данных
language-own-name = Русский

country-kz = Казахстан
country-kg = Кыргызстан
country-uz = Узбекистан
country-tj = Таджикистан
country-tm = Туркменистан
country-region = Весь регион

part-news = Главные новости
part-analysis = Аналитика недели
part-articles = Статьи недели
part-photo = Фотография недели
part-agenda = Афиша
part-press = Обзор прессы
part-support = Поддержать издание

also-in-this-letter = Также в этом выпуске

# The summary of a month, made from its issues.
summary-subject = { $newsletter }: итоги { $month } { $year } года
summary-preheader = Все новости, аналитика и статьи за месяц
summary-intro = В этом выпуске собраны публикации { $month } { $year } года.
summary-news = Новости месяца
summary-analysis = Аналитика месяца
summary-articles = Статьи месяца
summary-issues = Наши выпуски за месяц
# What its editors get before it goes out.
summary-copy-subject = Отправка: { $date } — { $subject }

access-paid = Платная статья
photo-credit = Фото: { $credit }

date-long = { $weekday }, { $day } { $month } { $year } г.

weekday-1 = понедельник
weekday-2 = вторник
weekday-3 = среда
weekday-4 = четверг
weekday-5 = пятница
weekday-6 = суббота
weekday-7 = воскресенье

month-1 = января
month-2 = февраля
month-3 = марта
month-4 = апреля
month-5 = мая
month-6 = июня
month-7 = июля
month-8 = августа
month-9 = сентября
month-10 = октября
month-11 = ноября
month-12 = декабря

duration-hours = { $count ->
    [one] { $count } час
    [few] { $count } часа
    [many] { $count } часов
   *[other] { $count } часа
 }
duration-days = { $count ->
    [one] { $count } день
    [few] { $count } дня
    [many] { $count } дней
   *[other] { $count } дня
 }

## Текст согласия: кто меняет его, меняет и его версию.

consent-wording = Я хочу получать рассылку «{ $newsletter }» по электронной почте. Отписаться можно в любой момент, в один клик, по ссылке в конце каждого выпуска.
consent-wording-ticked = Я хочу получать отмеченные рассылки по электронной почте. Отписаться от каждой можно в любой момент, в один клик, по ссылке в конце выпуска.
consent-wording-version = ru-2
