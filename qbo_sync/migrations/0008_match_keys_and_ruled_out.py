import datetime as dt

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def read_the_lists_anew(apps, schema_editor):
    """What was read before has no match keys: the next look at QuickBooks reads the lists wholly."""
    apps.get_model('qbo_sync', 'NameRecord').objects.update(read_at=NEVER)


class Migration(migrations.Migration):

    dependencies = [
        ('qbo_sync', '0007_voiding'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='namerecord',
            name='mobile',
            field=models.CharField(blank=True, max_length=30),
        ),
        migrations.CreateModel(
            name='MatchKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(db_index=True, max_length=80)),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='match_keys', to='qbo_sync.namerecord')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('record', 'key'), name='match_key_once')],
            },
        ),
        migrations.CreateModel(
            name='RuledOut',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('client', 'Client'), ('associate', 'Associate'), ('organization', 'Organization'), ('job', 'Job'), ('hour_entry', 'Hours'), ('mileage_entry', 'Mileage'), ('expense_entry', 'Expense'), ('receipt', 'Receipt'), ('invoice', 'Invoice'), ('payment', 'Payment'), ('payment_method', 'Payment method'), ('term', 'Term')], max_length=16)),
                ('record_id', models.PositiveBigIntegerField()),
                ('entity', models.CharField(choices=[('Customer', 'Customer'), ('Vendor', 'Vendor'), ('Employee', 'Employee'), ('TimeActivity', 'Time activity'), ('Purchase', 'Expense'), ('Attachable', 'Attachment'), ('Invoice', 'Invoice'), ('CreditMemo', 'Credit memo'), ('Payment', 'Payment'), ('PaymentMethod', 'Payment method'), ('Term', 'Term')], max_length=20)),
                ('qbo_id', models.CharField(max_length=30, verbose_name='QBO ID')),
                ('ruled_out_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('connection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ruled_out', to='qbo_sync.connection')),
                ('ruled_out_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'ruled out',
                'constraints': [models.UniqueConstraint(fields=('connection', 'kind', 'record_id', 'entity', 'qbo_id'), name='ruled_out_once')],
            },
        ),
        migrations.RunPython(read_the_lists_anew, migrations.RunPython.noop, elidable=True),
    ]
