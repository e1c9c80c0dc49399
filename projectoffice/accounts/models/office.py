from django.db import models

from projectoffice.common.models import StoredFile


class OfficeProfile(models.Model):
    """Names, emblem, time zone and defaults of this office: data, because nothing of one city is in code."""

    city = models.CharField("город", max_length=200)
    department = models.CharField("департамент", max_length=300)
    name = models.CharField("проектный офис", max_length=300, default="Проектный офис")
    emblem = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    phone = models.CharField("телефон", max_length=60, blank=True)
    hours = models.CharField("часы работы", max_length=120, blank=True)
    email = models.EmailField("почта", blank=True)
    time_zone = models.CharField("часовой пояс", max_length=60, default="Europe/Samara")
    zone_name = models.CharField("как назвать время", max_length=60, default="Самара",
                                 help_text="«Время – Самара»")
    default_stamps = models.JSONField("грифы по умолчанию", default=list, blank=True)
    attendance_limit = models.PositiveSmallIntegerField(
        "присутствующих перечислять до", default=15, help_text="Больше – в протоколе «N человек (список прилагается)»"
    )
    consent_text = models.TextField("текст согласия на публикацию имени", blank=True)
    totp_required = models.BooleanField("второй ключ обязателен для руководителей и администраторов", default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_office")]

    def __str__(self):
        return self.name

    @property
    def whom_to_ask(self):
        """The last line of a letter: the office and its phone, when it has told one."""
        return f"{self.name}, тел. {self.phone}" if self.phone else ""

    @classmethod
    def load(cls):
        """The profile; an unsaved one with defaults before staff have filled it in."""
        return cls.objects.filter(pk=1).first() or cls(pk=1, city="", department="")
