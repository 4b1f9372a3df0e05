namespace LPZero.Torch.Tests;

public class ShapeTests : TensorTest
{
    [Fact]
    public void Views_share_the_memory_of_the_tensor_that_they_show()
    {
        var x = Counting(2, 3);
        Tensor[] views = [x.view(3, 2), x.t(), x.transpose(0, 1), x.permute(1, 0), x.unsqueeze(0), x.flatten(), x.reshape(-1), x.narrow(1, 0, 2), x[0]];

        x.fill_(5);

        Assert.All(views, view => Assert.Equal(5f, view.min().item<float>()));
    }

    [Fact]
    public void Rearranged_tensors_have_the_right_elements_in_the_right_places()
    {
        var x = Counting(2, 3);

        AssertTensor([3, 2], [0, 1, 2, 3, 4, 5], x.view(3, -1));
        AssertTensor([3, 2], [0, 3, 1, 4, 2, 5], x.transpose(0, -1));
        AssertTensor([3, 1, 2], [0, 3, 1, 4, 2, 5], x.unsqueeze(1).permute(2, 1, 0));
        AssertTensor([6], [0, 3, 1, 4, 2, 5], x.t().reshape(6));
        AssertTensor([2, 2], [1, 1, 4, 4], x.narrow(1, 1, 1).expand(-1, 2));
        AssertTensor([2, 3], [5, 4, 3, 2, 1, 0], x.flip(0, 1));
        AssertTensor([6], [0, 1, 2, 3, 4, 5], x.flatten());
        AssertTensor([2, 3], [0, 1, 2, 3, 4, 5], x.unsqueeze(0).unsqueeze(-1).squeeze());
        Assert.Equal([2, 3, 1], x.unsqueeze(0).unsqueeze(-1).squeeze(0).shape);
    }

    [Fact]
    public void Parts_of_a_tensor_are_the_elements_at_their_indices()
    {
        var x = Counting(3, 4);

        AssertTensor([2, 4], [4, 5, 6, 7, 8, 9, 10, 11], x.narrow(0, 1, 2));
        AssertTensor([3, 2], [1, 3, 5, 7, 9, 11], x.slice(1, 1, 4, 2));
        AssertTensor([3], [2, 6, 10], x.select(1, 2));
        AssertTensor([4], [8, 9, 10, 11], x[2]);
        AssertTensor([], [9], x[2, 1]);
        AssertTensor([3, 4], [0, 0, 0, 0, 4, 5, 0, 0, 8, 9, 10, 0], x.tril().mul(x.ne(0)));
        AssertTensor([3, 4], [0, 1, 2, 3, 0, 0, 6, 7, 0, 0, 0, 11], x.triu(1));
    }

    [Fact]
    public void Tensors_are_joined_along_an_old_or_a_new_dimension()
    {
        var x = Counting(1, 2);
        var y = x + 10;

        AssertTensor([2, 2], [0, 1, 10, 11], cat([x, y]));
        AssertTensor([1, 4], [0, 1, 10, 11], cat([x, y], 1));
        AssertTensor([1, 2, 2], [0, 10, 1, 11], stack([x, y], 2));
    }
}
