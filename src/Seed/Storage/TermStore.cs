using Dapper;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;
using LPZero.Messages.Wire;

namespace LPZero.Seed.Storage;

/// <summary>
/// The term cache: blocks of terms under the content key of a probed network, shared by all runs of a database. One
/// blob per network, input and request.
/// </summary>
/// <param name="database">Where they are stored.</param>
public sealed class TermStore(Database database)
{
    /// <summary>Every stored block of a probed network.</summary>
    public IReadOnlyList<TermBlock> Load(string contentKey)
    {
        using var connection = database.Open();
        return
        [
            .. connection.Query<(long Input, byte[] Block)>(
                "select input, block from terms where content_key = @contentKey order by input, segment", new { contentKey })
                .Select(row => TermBlockCodec.Decode((InputKind)row.Input, row.Block)),
        ];
    }

    /// <summary>Stores the blocks of a reply, and counts their terms as computed for the run if there is one, in one transaction.</summary>
    public void Save(string? run, string contentKey, IEnumerable<TermBlock> blocks)
    {
        using var connection = database.Open();
        using var transaction = connection.BeginTransaction();
        var terms = 0L;
        foreach (var block in blocks)
        {
            terms += block.Chains.Length;
            connection.Execute(
                """
                insert into terms (content_key, input, segment, block)
                values (@contentKey, @input, (select count(*) from terms where content_key = @contentKey and input = @input), @bytes)
                """,
                new { contentKey, input = (int)block.Input, bytes = TermBlockCodec.Encode(block) }, transaction);
        }

        connection.Execute("update runs set term_misses = term_misses + @terms where name = @run", new { terms, run }, transaction);
        transaction.Commit();
    }
}
