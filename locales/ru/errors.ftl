### Что не так и что делать.

address-missing = Укажите адрес электронной почты.
address-no-at-sign = Адрес электронной почты состоит из имени, знака @ и домена, например name@example.org.
address-too-long = Адрес слишком длинный: не больше 64 знаков перед @ и 254 всего.
address-bad-local-part = В части перед @ есть знак или точка, которые почтовые серверы не принимают.
address-bad-domain = Часть после @ — не доменное имя.
consent-missing = Поставьте эту отметку, чтобы получать рассылку.
letters-missing = Выберите хотя бы одну рассылку.
country-unknown = Одной из выбранных стран нет в нашем списке.
pause-bad-day = Выберите день позже сегодняшнего, но не дальше чем через год.
signup-limited = За короткое время отсюда пришло слишком много заявок. Попробуйте ещё раз через { $minutes ->
    [one] { $minutes } минуту
    [few] { $minutes } минуты
    [many] { $minutes } минут
   *[other] { $minutes } минуты
 }.

error-bad-request-title = Мы не поняли этот запрос
error-bad-request-advice = Вернитесь на предыдущую страницу и попробуйте ещё раз.
error-not-found-title = Такой страницы нет
error-not-found-advice = Возможно, адрес неполный. Проверьте его или начните со страницы подписки или с вышедших номеров.
error-method-not-allowed-title = Эту страницу так открыть нельзя
error-method-not-allowed-advice = Откройте её по ссылке из письма или со страницы подписки.
error-payload-too-large-title = Это слишком много
error-payload-too-large-advice = Вы отправили больше, чем мы принимаем. Сократите и попробуйте ещё раз.
error-unsupported-media-type-title = Этот формат не принимается
error-unsupported-media-type-advice = Воспользуйтесь формой на странице подписки.
error-too-many-requests-title = Слишком быстро
error-too-many-requests-advice = За короткое время отсюда пришло слишком много запросов. Подождите несколько минут и попробуйте ещё раз.
error-unavailable-title = Небольшой перерыв
error-unavailable-advice = Сейчас мы ничего не можем сохранить. Попробуйте ещё раз через минуту: ничего не потеряно.
error-internal-title = Ошибка на нашей стороне
error-internal-advice = Вы здесь ни при чём. Попробуйте ещё раз через несколько минут; если не поможет, напишите нам.
error-status = Ошибка { $status }
