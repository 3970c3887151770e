from django.db import migrations

from qbo_sync.directory.blocks import keys_of_record

CHUNK = 1000


def make_the_keys_anew(apps, schema_editor):
    """The keys by consonants are made otherwise now; what is known of QuickBooks' names gets them at once."""
    records, keys = (apps.get_model('qbo_sync', name).objects for name in ('NameRecord', 'MatchKey'))
    model = apps.get_model('qbo_sync', 'MatchKey')
    keys.all().delete()
    some = []
    for record in records.order_by('pk').iterator(CHUNK):
        some += [model(record_id=record.pk, key=key) for key in sorted(keys_of_record(record))]
        if len(some) >= CHUNK:
            keys.bulk_create(some)
            some = []
    keys.bulk_create(some)


class Migration(migrations.Migration):

    dependencies = [
        ('qbo_sync', '0016_who_pressed_next_and_how_far_it_read'),
    ]

    operations = [
        migrations.RunPython(make_the_keys_anew, migrations.RunPython.noop, elidable=True),
    ]
